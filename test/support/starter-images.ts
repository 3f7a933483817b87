import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique } from "./build.ts";
import { debianPackage } from "./debian-package.ts";
import { runLuakit, writeScript } from "./luakit.ts";
import { copyImage, isPushed } from "./registry.ts";
import { testbed } from "./testbed.ts";

/** Changes whenever one of the images does. */
const edition = "1";

/**
 * Puts images into the testbed's registry under the names that first scripts use, as Docker Hub has them. Go, Node.js, npm
 * and Python are real; cargo and pip are stand-ins that check how they are called, and certificates are a line of text.
 */
export async function pushStarterImages(): Promise<void> {
  const { registry } = testbed();
  const library = `${registry}/library`;
  if (await isPushed(`${library}/starter-edition:${edition}`)) return;
  await Promise.all([
    copyImage(`${library}/busybox:latest`, `${library}/alpine:3.22`),
    copyImage(`${library}/debian:bookworm`, `${library}/debian:bookworm-slim`),
    copyImage(`${library}/node:lts-slim`, `${library}/node:18-slim`),
  ]);
  const python = await pythonPackages();
  await inDirectory(async (directory) => {
    const packages = join(directory, "packages");
    mkdirSync(packages);
    for (const each of python) cpSync(each, packages, { recursive: true, verbatimSymlinks: true });
    writeScript(directory, script);
    for (const [target, name] of Object.entries(names)) await push(directory, target, `${library}/${name}`);
  });
  await copyImage(`${library}/busybox:latest`, `${library}/starter-edition:${edition}`);
}

const names = { go: "golang:1.19", rust: "rust:1.85-slim-bookworm", python: "python:3.11-slim" };

async function push(directory: string, target: string, name: string): Promise<void> {
  const { addr, registry } = testbed();
  const flags = ["--addr", addr, "--target", target, "--build-arg", `IMAGES=${registry}/library`];
  const output = ["--output", `type=image,name=${name},push=true`, "--local", "packages=packages"];
  const { exitCode, stderr } = await runLuakit(["build", "--solve", ...flags, ...output], { cwd: directory });
  if (exitCode !== 0) throw new Error(stderr);
}

function pythonPackages(): Promise<readonly string[]> {
  const wanted = ["python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib", "libexpat1"];
  return Promise.all(wanted.map((name) => debianPackage(name, "amd64")));
}

const script = `
local images = bk.arg("IMAGES", { required = true })

local function with_certificates(state)
  return state
    :mkdir("/etc/ssl/certs", { make_parents = true })
    :mkfile("/etc/ssl/certs/ca-certificates.crt", "a certificate\\n")
end

bk.target("go", function() return with_certificates(bk.image(images .. "/golang:1")) end)

-- A program is what src/main.rs prints.
bk.target("rust", function()
  return with_certificates(bk.image(images .. "/debian:bookworm")):mkfile("/usr/local/bin/cargo", [[
#!/bin/sh
set -eu
name=$(sed -n 's/^name = "\\(.*\\)"/\\1/p' Cargo.toml)
case "$*" in
  "build --release --locked")
    mkdir -p target/release
    date > /usr/local/cargo/registry/used
    { echo '#!/bin/sh'; sed -n 's/.*println!(\\(".*"\\)).*/echo \\1/p' src/main.rs; } > "target/release/$name"
    chmod 755 "target/release/$name" ;;
  "test --locked") test -f src/main.rs ;;
  *) echo "cargo $* is not known here" >&2; exit 1 ;;
esac
]], { mode = "0755" })
end)

-- A package is a module that knows its version; the project itself is a command.
bk.target("python", function()
  local packages = bk.local_("packages")
  return bk.image(images .. "/debian:bookworm")
    :copy(packages, "usr/", "/usr/")
    :copy(packages, "lib/", "/usr/lib/", { allow_wildcard = true })
    :symlink("/usr/bin/python3.11", "/usr/local/bin/python")
    :mkfile("/usr/local/bin/pip", [[
#!/bin/sh
set -eu
site=/usr/local/lib/python3.11/dist-packages
mkdir -p "$site"
date > /root/.cache/pip/used
case "$*" in
  "install -r "*)
    sed -n 's/^\\([a-z]*\\)==\\(.*\\)/\\1 \\2/p' "$3" | while read -r name version; do
      echo "version = '$version'" > "$site/$name.py"
    done ;;
  "install --no-deps .") cp ./*.py "$site" ;;
  *) echo "pip $* is not known here" >&2; exit 1 ;;
esac
]], { mode = "0755" })
end)
`;

/** A name in the testbed's registry that nothing has yet. */
export function freshImage(kind: string): string {
  return `${testbed().registry}/starter/${kind}:${unique()}`;
}
