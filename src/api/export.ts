import { LuakitError } from "../diagnostic/luakit-error.ts";
import { checkExportOptions, type ExportOptions } from "../image/export-config.ts";
import type { State } from "../llb/state.ts";
import { callbackOf } from "../lua/callback.ts";
import { oneOf, optional, refine } from "../lua/compose.ts";
import type { Kind } from "../lua/kind.ts";
import { boolean, text } from "../lua/scalar.ts";
import { map, options } from "../lua/table.ts";
import { formatPlatform, normalizePlatform, parsePlatform, validatePlatform } from "../oci/platform.ts";
import { define } from "./define.ts";
import type { Evaluation, Exported } from "./evaluation.ts";
import { exportConfig } from "./export-config.ts";
import { state } from "./handles.ts";
import { filled } from "./kinds/text.ts";

const platforms = refine(map(state), { expected: "table of platforms to State" }, (states): readonly Exported[] => {
  if (states.size === 0) throw new LuakitError("script.argument", "no platform has a State");
  const seen = new Set<string>();
  return [...states].map(([name, each]) => {
    const platform = parsePlatform(name);
    const canonical = formatPlatform(platform);
    if (seen.has(canonical)) throw new LuakitError("script.argument", `the platform ${canonical} is there twice`);
    seen.add(canonical);
    return { platform, state: each };
  });
});

const exportable: Kind<readonly Exported[]> = refine(
  oneOf(state, platforms),
  { type: "State|table<string, State>", expected: "State" },
  (value: State | readonly Exported[]) => (isList(value) ? value : [{ state: value }]),
);

function isList(value: State | readonly Exported[]): value is readonly Exported[] {
  return Array.isArray(value);
}

export const bkExport = define({
  name: "bk.export",
  doc: "Says what the script's result is, once: a State, or one State per platform. The config is that of the image which the State descends from, with these changes.",
  params: [
    { name: "state", kind: exportable, doc: 'A State, or `{["linux/amd64"] = s1, ["linux/arm64"] = s2}`.' },
    { name: "config", kind: optional(exportConfig), doc: "Changes of the image's config." },
  ],
  example:
    'local app = bk.image("alpine"):copy(bk.local_("context"), "app", "/usr/bin/app")\nbk.export(app, {entrypoint = {"/usr/bin/app"}, user = "nobody", expose = {8080}})',
  run: (call, results, config = {}) => {
    checkConfig(call.session, results, config);
    call.session.export({ results, config }, call.position());
  },
});

function checkConfig({ options }: Evaluation, results: readonly Exported[], config: ExportOptions): void {
  const { os, arch, variant } = config;
  const named = results.some(({ platform }) => platform !== undefined);
  if (named && (os ?? arch ?? variant) !== undefined) {
    throw new LuakitError("script.option", '"os", "arch" and "variant" are those of the platforms that have a State', {
      hint: "leave them out of the config",
    });
  }
  if ((os ?? arch ?? variant) !== undefined)
    validatePlatform({ os: os ?? "linux", architecture: arch ?? "amd64", variant });
  for (const { platform = options.targetPlatform } of results) {
    checkExportOptions(config, normalizePlatform(platform));
  }
}

const targetOptions = options(
  {
    description: { kind: text, doc: "What it is, for those who read the script." },
    default: { kind: boolean, doc: "The target of a build without `--target`. Default: false." },
  },
  { type: "TargetOptions" },
);

export const bkTarget = define({
  name: "bk.target",
  doc: "Declares a named result, chosen with `--target`. The function runs only when it is chosen; it gives a State, or one per platform, and a config.",
  params: [
    { name: "name", kind: filled, doc: "The name." },
    { name: "opts", kind: optional(targetOptions), skippable: true },
    { name: "build", kind: callbackOf("fun(): State|table<string, State>, ExportOptions?"), doc: "Gives the result." },
  ],
  example:
    'local base = bk.image("golang:1.25")\nbk.target("test", function() return base:run("go test ./...") end)\nbk.target("app", {default = true}, function()\n  return base:run("go build -o /app ."), {entrypoint = {"/app"}}\nend)',
  run: (call, name, given = {}, build) => {
    const { description, default: isDefault = false } = given;
    call.session.declareTarget({ name, description, isDefault, location: call.position() }, () => {
      const [results, config = {}] = build.call([], [exportable, optional(exportConfig)]);
      checkConfig(call.session, results, config);
      return { results, config };
    });
  },
});
