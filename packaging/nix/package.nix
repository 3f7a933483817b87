# luakit as it was released. Its code is in a section of the executable: `strip` takes that away, patchelf keeps it.
{
  lib,
  stdenvNoCC,
  stdenv,
  fetchurl,
  patchelf,
  release ? lib.importJSON ./release.json,
}:

let
  system = stdenvNoCC.hostPlatform.system;
  source = release.sources.${system} or (throw "luakit is not made for ${system}");
in
stdenvNoCC.mkDerivation {
  pname = "luakit";
  inherit (release) version;

  src = fetchurl { inherit (source) url hash; };

  nativeBuildInputs = lib.optionals stdenvNoCC.hostPlatform.isLinux [ patchelf ];

  dontConfigure = true;
  dontBuild = true;
  dontStrip = true;
  dontPatchELF = true;

  installPhase = ''
    runHook preInstall
    install -D -m 755 luakit $out/bin/luakit
    install -D -m 644 -t $out/share/licenses/luakit LICENSE LICENSES.txt
    runHook postInstall
  '';

  postFixup = lib.optionalString stdenvNoCC.hostPlatform.isLinux ''
    patchelf --set-interpreter ${stdenv.cc.bintools.dynamicLinker} \
      --set-rpath ${lib.makeLibraryPath [ stdenv.cc.libc ]} $out/bin/luakit
  '' + ''
    mkdir -p $out/share/bash-completion/completions $out/share/zsh/site-functions $out/share/fish/vendor_completions.d
    $out/bin/luakit completion bash > $out/share/bash-completion/completions/luakit
    $out/bin/luakit completion zsh > $out/share/zsh/site-functions/_luakit
    $out/bin/luakit completion fish > $out/share/fish/vendor_completions.d/luakit.fish
  '';

  doInstallCheck = true;
  installCheckPhase = ''
    runHook preInstallCheck
    [ "$($out/bin/luakit version)" = "luakit ${release.version}" ]
    runHook postInstallCheck
  '';

  meta = {
    description = "Container builds for BuildKit, written in Lua";
    homepage = "https://github.com/luakit-build/luakit";
    license = lib.licenses.mit;
    mainProgram = "luakit";
    platforms = builtins.attrNames release.sources;
    sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
  };
}
