import { expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { installPrograms } from "../../scripts/testbed/debian.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { inDirectory, luakit, unique, writeFiles } from "../support/build.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(300_000);

const example = resolve(import.meta.dir, "../../examples/integration/nix");

/** The parts of nixpkgs that the flake asks for, as the values that they are given. */
const stand = `{ hello, closure }:
let
  pkgs = {
    inherit hello;
    closureInfo = { rootPaths }: closure;
    writeShellApplication = { name, runtimeInputs, text }: text;
    runCommand = name: { nativeBuildInputs }: text: text;
    mkShell = { packages }: packages;
  };
  nixpkgs = {
    lib.genAttrs = names: make: builtins.listToAttrs (map (name: { inherit name; value = make name; }) names);
    legacyPackages = { x86_64-linux = pkgs; aarch64-linux = pkgs; };
  };
  luakit.packages = { x86_64-linux.default = "luakit"; aarch64-linux.default = "luakit"; };
in
(import ./flake.nix).outputs { inherit nixpkgs luakit; }
`;

test("nix: what the flake runs puts the store paths of a program into an image", () =>
  inDirectory(async (directory) => {
    cpSync(example, directory, { recursive: true });
    const text = unique();
    writeFiles(directory, { "hello/bin/hello": `#!/bin/sh\necho ${text}\n`, "stand.nix": stand });
    await locked(findPlace().cache, () => installPrograms({ "nix-instantiate": "nix-bin" }));
    const hello = await run(["nix-store", "--add", join(directory, "hello")]);
    writeFiles(directory, { "closure/store-paths": `${hello}\n` });
    const given = ["--argstr", "hello", hello, "--argstr", "closure", join(directory, "closure")];
    const outputs: Outputs = JSON.parse(
      await run([
        "nix-instantiate",
        "--eval",
        "--read-write-mode",
        "--strict",
        "--json",
        ...given,
        join(directory, "stand.nix"),
      ]),
    );
    const { packages, devShells } = outputs;
    expect(devShells["x86_64-linux"].default).toEqual(["luakit"]);
    const out = join(directory, "out");
    const env = { PATH: [dirname(luakit), process.env.PATH].join(delimiter), BUILDKIT_HOST: testbed().addr };
    const words = ["sh", "-euc", packages["x86_64-linux"].default, "sh", "--output", `type=local,dest=${out}`];
    await run(words, { cwd: directory, env });
    expect(readdirSync(join(out, "nix/store")).map((name) => `/nix/store/${name}`)).toEqual([hello]);
    expect(readFileSync(join(out, hello, "bin/hello"), "utf8")).toContain(text);
    const definition = join(directory, "site.pb");
    await run(["sh", "-euc", packages["x86_64-linux"].definition], {
      cwd: directory,
      env: { ...env, BUILDKIT_HOST: "", out: definition },
    });
    expect(readFileSync(definition).length).toBeGreaterThan(100);
  }));

interface Outputs {
  readonly devShells: { readonly "x86_64-linux": { readonly default: readonly string[] } };
  readonly packages: { readonly "x86_64-linux": { readonly default: string; readonly definition: string } };
}
