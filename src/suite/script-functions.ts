import { state, stateHandle } from "../api/handles.ts";
import { env } from "../api/kinds/env.ts";
import { platform } from "../api/kinds/platform.ts";
import { scalar } from "../api/kinds/scalar.ts";
import { filled } from "../api/kinds/text.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { State } from "../llb/state.ts";
import { oneOf, optional } from "../lua/compose.ts";
import { boolean, text } from "../lua/scalar.ts";
import { map, options } from "../lua/table.ts";
import { formatPlatform } from "../oci/platform.ts";
import { listTargets } from "../script/list-targets.ts";
import { outlineScript } from "../script/outline.ts";
import { readContexts } from "./contexts.ts";
import { define } from "./define.ts";
import { describeConfig } from "./describe-config.ts";
import { buildHandle } from "./handles.ts";
import { patternHandle } from "./pattern.ts";
import type { ScriptBuild } from "./script-runner.ts";

const scriptOptions = options(
  {
    args: { kind: map(scalar), doc: "Build arguments, as `--build-arg` gives them." },
    env: { kind: env, doc: "What `os.getenv` sees of the host, as `--env` lets it." },
    platform: { kind: platform, doc: 'The platform to build for. Default: `"linux/amd64"`, on every machine.' },
    build_platform: { kind: platform, doc: 'The platform of the daemon. Default: `"linux/amd64"`.' },
    target: { kind: filled, doc: "The target to make. Default: that of the script." },
    every_target: { kind: boolean, doc: "Make all targets of the script. Default: false." },
    contexts: {
      kind: map(oneOf(text, state)),
      doc: "What stands in the place of `bk.local_(NAME)` and `bk.image(NAME)`: a State, a directory of the project, or a URL such as `docker-image://alpine`.",
    },
    context: {
      kind: filled,
      doc: "The root of the build context, from the test file on. Default: the script's directory.",
    },
  },
  { type: "ScriptOptions" },
);

const testScript = define({
  name: "test.script",
  doc: "Evaluates a script as a build does, in a sandbox of its own, and gives what it exports. It fails with the script's error.",
  params: [
    { name: "path", kind: filled, doc: "The script, from the test file on." },
    { name: "opts", kind: optional(scriptOptions), doc: "What the command line would say." },
  ],
  returns: { type: "Build", handle: buildHandle },
  example:
    'test("builds a release", function()\n  local build = test.script("build.lua", {args = {VERSION = "1.2"}, platform = "linux/arm64"})\n  expect(build):has_exec("go build")\nend)',
  run: (call, path, given = {}) => {
    const { scripts } = call.session.host;
    return scripts.run(path, {
      args: given.args ?? new Map(),
      env: given.env ?? new Map(),
      platform: given.platform,
      buildPlatform: given.build_platform,
      target: given.target,
      everyTarget: given.every_target ?? false,
      contexts: readContexts(given.contexts ?? new Map(), (name) => scripts.directory(name)),
      context: given.context,
    });
  },
});

const testPattern = define({
  name: "test.pattern",
  doc: "A Lua pattern that stands, in what is expected, for every text in which it is found.",
  params: [{ name: "pattern", kind: filled, doc: "As `string.find` takes it." }],
  returns: { type: "Pattern", handle: patternHandle },
  example:
    'test("pins its base", function()\n  expect(bk.image("alpine:3.22")):has_source(test.pattern("alpine:%d+%.%d+$"))\nend)',
  run: (call, given) => {
    call.session.host.find("", given);
    return { text: given };
  },
});

/** The fields of what `test.script` gives. */
const example = (field: string, rest: string) =>
  `test("${field}", function()\n  local build = test.script("build.lua")\n  ${rest}\nend)`;

const buildState = define({
  name: "build.state",
  doc: "The State that the script exports; of several platforms, that of the test. `states` has them all.",
  self: buildHandle,
  isField: true,
  params: [],
  returns: { type: "State", handle: stateHandle },
  example: example("state", 'expect(build.state):has_exec("go build")'),
  run: ({ self }) => onlyState(self),
});

const buildStates = define({
  name: "build.states",
  doc: "The States that the script exports, by platform.",
  self: buildHandle,
  isField: true,
  params: [],
  returns: { type: "table<string, State>" },
  example: example("states", 'expect(build.states["linux/amd64"]):has_exec("go build")'),
  run: ({ self }) =>
    new Map(
      self.evaluated.targets.map(({ platform: own = self.platform, state: made }) => [
        formatPlatform(own),
        stateHandle.of(made),
      ]),
    ),
});

const buildConfig = define({
  name: "build.config",
  doc: 'What the script says of the image\'s config, with the names that `bk.export` takes: `entrypoint`, `cmd` and `shell` as lists, `env` and `labels` as tables, `expose` as a list such as `{"8080/tcp"}`. Base images are not asked for theirs.',
  self: buildHandle,
  isField: true,
  params: [],
  returns: { type: "table<string, any>" },
  example: example("config", 'expect(build.config.entrypoint):equals({"/app"})'),
  run: ({ self }) => describeConfig(self),
});

const buildTargets = define({
  name: "build.targets",
  doc: "The targets that the script declares, in its order: `{name = …, description = …, default = …}`.",
  self: buildHandle,
  isField: true,
  params: [],
  returns: { type: "table[]" },
  example: example("targets", 'expect(build.targets):contains({name = "release"})'),
  run: (call) => {
    const { list } = call.session.host.scripts.within(() => listTargets(call.self.options));
    return list.targets.flatMap(({ name, description, default: isDefault }) =>
      name === undefined ? [] : [{ name, description, default: isDefault ?? false }],
    );
  },
});

const buildOutline = define({
  name: "build.outline",
  doc: "What the target takes, as `luakit outline` tells it: lists `args` (`name`, `description`, `value`, `required`, `values`), `secrets`, `ssh` and `caches` (`name`, `required`).",
  self: buildHandle,
  isField: true,
  params: [],
  returns: { type: "table" },
  example: example("outline", 'expect(build.outline.args):contains({name = "VERSION"})'),
  run: (call) => {
    const { outline } = call.session.host.scripts.within(() => outlineScript(call.self.options));
    const needs = (list: typeof outline.secrets = []) =>
      list.map(({ name, required }) => ({ name, required: required ?? false }));
    return {
      args: (outline.args ?? []).map(({ name, description, value, required, values }) => ({
        name,
        description,
        value,
        required: required ?? false,
        values,
      })),
      secrets: needs(outline.secrets),
      ssh: needs(outline.ssh),
      caches: (outline.cache ?? []).map(({ ID }) => ({ name: ID })),
    };
  },
});

const buildWarnings = define({
  name: "build.warnings",
  doc: "What the script warned of: `{message = …, file = …, line = …}`.",
  self: buildHandle,
  isField: true,
  params: [],
  returns: { type: "table[]" },
  example: example("warnings", "expect(build.warnings):equals({})"),
  run: ({ self }) =>
    self.evaluated.warnings.map(({ message, position }) => ({ message, file: position?.file, line: position?.line })),
});

const buildLog = define({
  name: "build.log",
  doc: "The lines that the script printed.",
  self: buildHandle,
  isField: true,
  params: [],
  returns: { type: "string[]" },
  example: example("log", 'expect(build.log):contains("the version is dev")'),
  run: ({ self }) => self.log,
});

function onlyState({ evaluated, platform: own }: ScriptBuild): State {
  const { targets } = evaluated;
  const fitting = targets.filter(
    (each) => each.platform === undefined || formatPlatform(each.platform) === formatPlatform(own),
  );
  const [found] = targets.length === 1 ? targets : fitting;
  if (found !== undefined && (targets.length === 1 || fitting.length === 1)) return found.state;
  throw new LuakitError("script.argument", `the script gave ${targets.length} States`, {
    hint: "build.states has them by platform",
  });
}

export const scriptFunctions = [testScript, testPattern];
export const buildFields = [buildState, buildStates, buildConfig, buildTargets, buildOutline, buildWarnings, buildLog];
