import { type Folder, imageName } from "./folder.ts";
import { head, joinParts, list, programCommands, quote, testCommand } from "./script-text.ts";
import type { Recipe } from "./starter.ts";

const newest = "1.25";

interface Program {
  readonly name: string;
  /** Its package, as `go build` takes it. */
  readonly path: string;
}

export const go: Recipe = {
  kind: "go",
  files: ["go.mod"],
  make(folder) {
    const module = folder.read("go.mod") ?? "";
    const version = goVersion(module);
    const programs = findPrograms(folder, module);
    const [first] = programs;
    const commands = [...(first === undefined ? [] : programCommands(first.name)), testCommand];
    const names = programs.map(({ name, path }) => `${name} (${path})`);
    return {
      saw: [
        `go.mod: Go ${version ?? `of no version, so ${newest}`}`,
        names.length === 0 ? "no package main, so the tests are what is built" : `programs: ${names.join(", ")}`,
      ],
      script: joinParts([
        head(`${first === undefined ? "A Go module" : joinNames(programs)}, built from source.`, commands),
        renderSources(version ?? newest, folder, first !== undefined),
        renderTest(first === undefined),
        ...(first === undefined ? [] : [renderPrograms(programs)]),
      ]),
      ignored: ["*.test", "*.out", "/bin", "/out"],
      commands,
    };
  },
};

function joinNames(programs: readonly Program[]): string {
  return programs.map(({ name }) => name).join(", ");
}

/** The toolchain's version, else the language's; the tag of an image is either. */
function goVersion(module: string): string | undefined {
  const toolchain = /^toolchain\s+go(\d+\.\d+(?:\.\d+)?)\s*$/m.exec(module)?.[1];
  return toolchain ?? /^go\s+(\d+\.\d+(?:\.\d+)?)/m.exec(module)?.[1];
}

/** The module's own program, and those below `cmd`. */
function findPrograms(folder: Folder, module: string): Program[] {
  const path = /^module\s+"?([^\s"]+)/m.exec(module)?.[1] ?? folder.name;
  const own = path.replace(/\/v\d+$/, "").replace(/^.*\//, "");
  const below = folder.list("cmd").filter((name) => isProgram(folder, `cmd/${name}`));
  return [
    ...(isProgram(folder, ".") ? [{ name: imageName(own), path: "." }] : []),
    ...below.map((name) => ({ name: imageName(name), path: `./cmd/${name}` })),
  ];
}

function isProgram(folder: Folder, directory: string): boolean {
  const sources = folder.list(directory).filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"));
  return sources.some((name) => /^package main\b/m.test(folder.read(`${directory}/${name}`) ?? ""));
}

function renderSources(version: string, folder: Folder, hasPrograms: boolean): string {
  const manifests = ["go.mod", ...(folder.has("go.sum") ? ["go.sum"] : [])];
  const vendored = folder.has("vendor/modules.txt");
  const target = hasPrograms
    ? `local target_os, target_arch = tostring(bk.target_platform()):match("^([^/]+)/([^/]+)")\n`
    : "";
  return `local context = bk.local_("context")
${target}
-- The compiler runs on the daemon's own platform, whatever platform the programs are for.
local build_platform = bk.build_platform()
local base = bk.image(${quote(`golang:${version}`)}, { platform = build_platform }):for_platform(build_platform):with_dir("/src")

local modules = bk.cache("/go/pkg/mod", { id = "go-modules" })
local caches = { modules, bk.cache("/root/.cache/go-build", { id = "go-build" }) }
${
  vendored
    ? ""
    : `
-- Modules are downloaded again only when one of these files changes.
local downloaded = base:copy(context, ${list(manifests)}, "./"):run({ "go", "mod", "download" }, { mounts = { modules } })
`
}
local sources = ${vendored ? "base" : "downloaded"}:copy(context, ".", "./")`;
}

function renderTest(isDefault: boolean): string {
  const options = `{ description = "runs the tests"${isDefault ? ", default = true" : ""} }`;
  return `bk.target("test", ${options}, function()
  return sources:run({ "go", "test", "./..." }, { mounts = caches })
end)`;
}

function renderPrograms(programs: readonly Program[]): string {
  const [only] = programs;
  if (only !== undefined && programs.length === 1) {
    return `bk.target("app", { description = "the image of the program", default = true }, function()
${renderBuild(quote(`/out/${only.name}`), quote(only.path), quote(`/usr/bin/${only.name}`))}
end)`;
  }
  const rows = programs.map(({ name, path }) => `  { name = ${quote(name)}, package = ${quote(path)} },`);
  return `local programs = {
${rows.join("\n")}
}

for index, program in ipairs(programs) do
  bk.target(program.name, { description = "the image of " .. program.name, default = index == 1 }, function()
${renderBuild('"/out/" .. program.name', "program.package", '"/usr/bin/" .. program.name').replace(/^/gm, "  ")}
  end)
end`;
}

function renderBuild(output: string, path: string, dest: string): string {
  return `  local built = sources:run({ "go", "build", "-trimpath", "-ldflags=-s -w", "-o", ${output}, ${path} }, {
    env = { CGO_ENABLED = "0", GOOS = target_os, GOARCH = target_arch },
    mounts = caches,
  })
  local image = bk.scratch()
    :copy(base, "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/")
    :copy(built, ${output}, ${dest})
  return image, { entrypoint = { ${dest} }, user = "65532:65532" }`;
}
