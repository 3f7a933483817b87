# Stands in for nixpkgs as far as the package uses it, with this machine's tools.
{ release }:

let
  phases = ''
    set -eu
    PATH=/usr/bin:/bin
    runHook() { :; }
    tar -xzf $src && cd luakit-*
    eval "$installPhase"
    [ -n "$dontStrip" ] || strip $out/bin/luakit
    eval "$postFixup"
    eval "$installCheckPhase"
  '';
  pkgsFor = system: rec {
    inherit lib;
    patchelf = "patchelf";
    stdenv = {
      cc.libc = "";
      cc.bintools.dynamicLinker = "/lib64/ld-linux-x86-64.so.2";
    };
    stdenvNoCC = {
      hostPlatform = {
        inherit system;
        isLinux = builtins.match ".*-linux" system != null;
      };
      mkDerivation =
        attributes:
        derivation (
          builtins.removeAttrs attributes [ "meta" ]
          // {
            inherit system;
            name = "${attributes.pname}-${attributes.version}";
            nativeBuildInputs = [ ];
            builder = "/bin/sh";
            args = [
              "-c"
              phases
            ];
          }
        );
    };
    fetchurl =
      { url, hash }:
      derivation {
        inherit url;
        name = baseNameOf url;
        system = "builtin";
        builder = "builtin:fetchurl";
        outputHash = hash;
        outputHashAlgo = "sha256";
        outputHashMode = "flat";
        executable = false;
        unpack = false;
        preferLocalBuild = true;
        urls = [ url ];
      };
    callPackage =
      path: overrides:
      let
        package = import path;
        all = {
          inherit lib stdenv stdenvNoCC fetchurl patchelf;
          release = builtins.fromJSON (builtins.readFile release);
        };
      in
      package (builtins.intersectAttrs (builtins.functionArgs package) all // overrides);
  };
  lib = {
    genAttrs =
      names: make:
      builtins.listToAttrs (
        map (name: {
          inherit name;
          value = make name;
        }) names
      );
    optionals = condition: list: if condition then list else [ ];
    optionalString = condition: text: if condition then text else "";
    makeLibraryPath = paths: builtins.concatStringsSep ":" (map (path: "${path}/lib/x86_64-linux-gnu") paths);
    importJSON = path: builtins.fromJSON (builtins.readFile path);
    licenses.mit = "MIT";
    sourceTypes.binaryNativeCode = "binaryNativeCode";
  };
in
{
  inherit lib;
  legacyPackages = lib.genAttrs [
    "x86_64-linux"
    "aarch64-linux"
    "x86_64-darwin"
    "aarch64-darwin"
  ] pkgsFor;
}
