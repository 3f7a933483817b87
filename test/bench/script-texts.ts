/** Scripts that the Go luakit takes as well, and that need no registry. */

/** A local directory and a chain of steps. */
export function chain(ops: number): string {
  return `local state = bk.local_("context")
for index = 1, ${ops} do
  state = state:run("echo " .. index, { env = { STEP = tostring(index) }, cwd = "/" })
end
bk.export(state)
`;
}

/** A script that computes for long before its one step: loops, calls, tables and strings. */
export const computing = `local sums = {}
for index = 1, 2000000 do
  sums[index % 100 + 1] = (sums[index % 100 + 1] or 0) + index % 7
end
local function fibonacci(n)
  return n < 2 and n or fibonacci(n - 1) + fibonacci(n - 2)
end
local words = {}
for index = 1, 20000 do
  words[index % 1000 + 1] = ("word-%05d"):format(index):upper():gsub("-", "_")
end
bk.export(bk.local_("context"):run("echo " .. fibonacci(25) .. " " .. sums[7] .. " " .. #table.concat(words, ",")))
`;

/** A build of 24 services out of three modules: 340 vertices with mounts, copies, environments and names. */
export const project: Readonly<Record<string, string>> = {
  "build.lua": `local go = require("steps.go")
local web = require("steps.web")
local image = require("steps.image")

local source = bk.local_("context")
local parts = {}
for index = 1, 12 do
  table.insert(parts, image.of("api-" .. index, go.binary(source, "services/api-" .. index), "/bin/api-" .. index))
  table.insert(parts, image.of("web-" .. index, web.assets(source, "web/app-" .. index), "/srv/app-" .. index))
end
local unpack = table.unpack or unpack
bk.export(bk.merge(unpack(parts)), { cwd = "/srv", env = { MODE = "release" } })
`,
  "steps/go.lua": `local M = {}

function M.binary(source, path)
  local work = bk.scratch():mkdir("/src", { mode = 493 }):copy(source, path, "/src", { mode = 493 })
  for _, task in ipairs({ "mod download", "vet ./...", "test ./...", "generate ./..." }) do
    work = work:run("go " .. task, {
      cwd = "/src",
      env = { CGO_ENABLED = "0", GOFLAGS = "-trimpath" },
      mounts = { bk.cache("/root/.cache/go-build"), bk.cache("/go/pkg/mod", { id = "modules" }) },
    })
  end
  return work:run("go build -o /out/app .", { cwd = "/src", env = { CGO_ENABLED = "0" } })
end

return M
`,
  "steps/web.lua": `local M = {}

function M.assets(source, path)
  local work = bk.scratch():copy(source, path .. "/package.json", "/src/package.json", { mode = 420 })
  work = work:run("npm ci", { cwd = "/src", mounts = { bk.cache("/root/.npm") } })
  work = work:copy(source, path, "/src", { mode = 493 })
  for _, task in ipairs({ "lint", "test", "build" }) do
    work = work:run({ "npm", "run", task }, { cwd = "/src", env = { NODE_ENV = "production", APP = path } })
  end
  return work
end

return M
`,
  "steps/image.lua": `local M = {}

function M.of(name, built, place)
  local state = bk.scratch():mkdir("/etc", { mode = 493 }):mkfile("/etc/" .. name, name .. "\\n", { mode = 420 })
  for index = 1, 6 do
    state = state:mkfile("/etc/" .. name .. "-" .. index .. ".conf", "level = " .. index .. "\\n", { mode = 420 })
  end
  return state:copy(built, "/out", place, { mode = 493 })
end

return M
`,
};

/** A script that is long rather than one that loops: what validate, fmt and dag have to read. */
export function long(stages: number): string {
  const stage = (index: number) => `-- The part ${index} of the product.
local stage_${index} = bk.local_("context", { include = { "part-${index}/**", "shared/**" } })
  :run("configure --part ${index}", { cwd = "/part-${index}", env = { PART = "${index}", LEVEL = "release" } })
  :run("make -j 4 all", { cwd = "/part-${index}", mounts = { bk.cache("/root/.cache", { id = "part-${index}" }) } })
  :run("make check", { cwd = "/part-${index}" })
  :mkfile("/part-${index}/version", "1.${index}\\n", { mode = 420 })
parts["part-${index}"] = bk.scratch():copy(stage_${index}, "/part-${index}", "/part-${index}", { mode = 493 })
`;
  const body = Array.from({ length: stages }, (_, index) => stage(index + 1).replace("local stage", "stage"));
  return `local parts = {}
local stage = {}

${body.join("\n").replaceAll(/\bstage_(\d+)\b/g, "stage[$1]")}
local all = {}
for index = 1, ${stages} do
  table.insert(all, parts["part-" .. index])
end
local unpack = table.unpack or unpack
bk.export(bk.merge(unpack(all)))
`;
}

/** One service of the project above, and ten tests of it. */
export const service = `local go = require("steps.go")
local image = require("steps.image")
local name = bk.arg("NAME")

bk.export(image.of(name, go.binary(bk.local_("context"), "services/" .. name), "/bin/" .. name))
`;

export function testFile(file: number): string {
  return `describe("part ${file}", function()
  for index = 1, 10 do
    test("service " .. index, function()
      local build = test.script("service.lua", { args = { NAME = "service-" .. index } })
      expect(build):has_exec({ args = "go build", cwd = "/src", env = { CGO_ENABLED = "0" } })
      expect(build):has_exec({ args = "go vet", mount = { type = "cache", dest = "/go/pkg/mod" } })
      expect(build):has_no_exec("sudo")
    end)
  end
end)
`;
}

/** A build in stages, as a script and as a Dockerfile: five stages of five steps, and one that gathers. */
export function stages(image: string): { readonly script: string; readonly dockerfile: string } {
  const numbers = [1, 2, 3, 4, 5];
  const names = numbers.map((number) => `stage${number}`);
  const stepOf = (name: string, step: number) => `mkdir -p /out && echo ${name} ${step} > /out/${name}-${step}`;
  const script = names.flatMap((name) => [
    `local ${name} = bk.image("${image}"):copy(context, "site", "/src", { mode = 493 })`,
    ...numbers.map((step) => `${name} = ${name}:run("${stepOf(name, step)}", { cwd = "/src" })`),
  ]);
  const copies = names.map((name) => `result = result:copy(${name}, "/out", "/${name}", { mode = 493 })`);
  const dockerfile = names.flatMap((name) => [
    `FROM ${image} AS ${name}`,
    "WORKDIR /src",
    "COPY site /src",
    ...numbers.map((step) => `RUN ${stepOf(name, step)}`),
  ]);
  const gathered = names.map((name) => `COPY --from=${name} /out /${name}`);
  const local = 'local context = bk.local_("context", { include = { "site" } })';
  return {
    script: `${[local, ...script, `local result = bk.image("${image}")`, ...copies, "bk.export(result)"].join("\n")}\n`,
    dockerfile: `${[...dockerfile, `FROM ${image}`, ...gathered].join("\n")}\n`,
  };
}

/** Vertices of which none waits for another, and one that takes them all. */
export function wide(vertices: number): string {
  return `local leaves = {}
for index = 1, ${vertices} do
  leaves[index] = bk.scratch():mkfile("/f", tostring(index))
end
bk.export(bk.scratch():files(function(f)
  for index, leaf in ipairs(leaves) do
    f:copy(leaf, "/f", "/f" .. index)
  end
end))
`;
}
