{
  description = "Container builds for BuildKit, written in Lua";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { nixpkgs, ... }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEach = nixpkgs.lib.genAttrs systems;
    in
    {
      packages = forEach (system: rec {
        luakit = nixpkgs.legacyPackages.${system}.callPackage ./packaging/nix/package.nix { };
        default = luakit;
      });

      overlays.default = final: _: { luakit = final.callPackage ./packaging/nix/package.nix { }; };
    };
}
