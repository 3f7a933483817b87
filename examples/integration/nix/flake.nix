{
  description = "A program of Nix in an image";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  inputs.luakit.url = "github:luakit-build/luakit/v0.1.0";

  outputs =
    { nixpkgs, luakit, ... }:
    let
      forEach =
        make:
        nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (
          system: make nixpkgs.legacyPackages.${system} luakit.packages.${system}.default
        );
    in
    {
      devShells = forEach (
        pkgs: luakit: {
          default = pkgs.mkShell { packages = [ luakit ]; };
        }
      );

      packages = forEach (
        pkgs: luakit: {
          # nix run: builds the image on the daemon that luakit finds.
          default = pkgs.writeShellApplication {
            name = "image";
            runtimeInputs = [ luakit ];
            text = ''
              luakit build --local store=/nix/store \
                --build-arg PROGRAM=${pkgs.hello}/bin/hello \
                --build-arg "CLOSURE=$(cat ${pkgs.closureInfo { rootPaths = [ pkgs.hello ]; }}/store-paths)" \
                "$@" ${./build.lua}
            '';
          };

          # nix build .#definition: the build as a file, without a daemon and without the network.
          definition = pkgs.runCommand "site.pb" { nativeBuildInputs = [ luakit ]; } ''
            luakit build --no-resolve --output $out \
              --build-arg PROGRAM=${pkgs.hello}/bin/hello \
              --build-arg "CLOSURE=$(cat ${pkgs.closureInfo { rootPaths = [ pkgs.hello ]; }}/store-paths)" \
              ${./build.lua}
          '';
        }
      );
    };
}
