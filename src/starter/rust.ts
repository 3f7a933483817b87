import { type Folder, imageName } from "./folder.ts";
import { head, imageCommands, joinParts, list, quote, testCommand } from "./script-text.ts";
import type { Recipe } from "./starter.ts";
import { readToml, type Toml } from "./toml.ts";

const newest = "1.90";
const release = "bookworm";

export const rust: Recipe = {
  kind: "rust",
  files: ["Cargo.toml"],
  make(folder) {
    const manifest = readToml(folder, "Cargo.toml");
    const version = rustVersion(folder, manifest);
    const programs = findPrograms(folder, manifest);
    const [first] = programs;
    const name = imageName(first ?? manifest.at("package", "name").text ?? folder.name);
    const commands = [...(first === undefined ? [] : imageCommands(name)), testCommand];
    const locked = folder.has("Cargo.lock") ? ["--locked"] : [];
    return {
      saw: [
        version === undefined
          ? `Cargo.toml: no version of Rust, so ${newest}`
          : `${version.file}: Rust ${version.text}`,
        programs.length === 0 ? "no program, so the tests are what is built" : `programs: ${programs.join(", ")}`,
        locked.length === 0
          ? "no Cargo.lock: versions of crates are those of the day"
          : "Cargo.lock: versions of crates",
      ],
      script: joinParts([
        head(`${name}: a Rust program in a small image.`, commands),
        renderSources(version?.text ?? newest, name),
        renderTest(locked, first === undefined),
        first === undefined ? undefined : renderApp(programs, first, locked),
      ]),
      ignored: ["/target", "/out", "**/*.rs.bk"],
      commands,
    };
  },
};

interface Version {
  readonly file: string;
  readonly text: string;
}

function rustVersion(folder: Folder, manifest: Toml): Version | undefined {
  const plain = folder.read("rust-toolchain")?.trim();
  const channel = readToml(folder, "rust-toolchain.toml").at("toolchain", "channel").text;
  const candidates = [
    { file: "rust-toolchain.toml", text: channel },
    { file: "rust-toolchain", text: plain },
    { file: "Cargo.toml", text: manifest.at("package", "rust-version").text },
    { file: "Cargo.toml", text: manifest.at("workspace", "package", "rust-version").text },
  ];
  return candidates.find((each): each is Version => /^\d+\.\d+(\.\d+)?$/.test(each.text ?? ""));
}

/** The names of what `cargo build` makes: of the package, and of the members of a workspace. */
function findPrograms(folder: Folder, manifest: Toml): string[] {
  const members = manifest.at("workspace", "members").items.flatMap(({ text = "" }) => expand(folder, text));
  const below = members.flatMap((member) => packagePrograms(folder, member, readToml(folder, `${member}/Cargo.toml`)));
  return [...new Set([...packagePrograms(folder, ".", manifest), ...below])];
}

function expand(folder: Folder, pattern: string): readonly string[] {
  if (!pattern.endsWith("/*")) return [pattern];
  const parent = pattern.slice(0, -2);
  return folder.list(parent).map((name) => `${parent}/${name}`);
}

function packagePrograms(folder: Folder, directory: string, manifest: Toml): string[] {
  const own = manifest.at("package", "name").text;
  if (own === undefined) return [];
  const named = manifest.at("bin").items.map((bin) => bin.at("name").text ?? own);
  const found = folder.list(`${directory}/src/bin`).map((name) => name.replace(/\.rs$/, ""));
  const main = folder.has(`${directory}/src/main.rs`) && named.length === 0 ? [own] : [];
  return [...main, ...named, ...found];
}

function renderSources(version: string, name: string): string {
  return `local context = bk.local_("context")
local base = bk.image(${quote(`rust:${version}-slim-${release}`)}):with_dir("/src")

-- Crates and what is compiled stay on the daemon between builds.
local caches = {
  bk.cache("/usr/local/cargo/registry", { id = "cargo-registry" }),
  bk.cache("/usr/local/cargo/git", { id = "cargo-git" }),
  bk.cache("/src/target", { id = ${quote(`cargo-target-${name}`)}, sharing = "locked" }),
}
local sources = base:copy(context, "/", "./")`;
}

function renderTest(locked: readonly string[], isDefault: boolean): string {
  const options = `{ description = "runs the tests"${isDefault ? ", default = true" : ""} }`;
  return `bk.target("test", ${options}, function()
  return sources:run(${list(["cargo", "test", ...locked])}, { mounts = caches })
end)`;
}

function renderApp(programs: readonly string[], first: string, locked: readonly string[]): string {
  const files = programs.map((name) => `target/release/${name}`).join(" ");
  const build = ["cargo build --release", ...locked].join(" ");
  return `bk.target("app", { description = "the image of the program", default = true }, function()
  -- The target directory is a cache, which is no part of the result.
  local built = sources:run(${quote(`${build} && mkdir -p /out && cp ${files} /out/`)}, { mounts = caches })
  local image = bk.image(${quote(`debian:${release}-slim`)})
    :copy(base, "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/")
    :copy(built, "/out", "/usr/local/bin")
  return image, { entrypoint = { ${quote(`/usr/local/bin/${first}`)} }, user = "1000:1000" }
end)`;
}
