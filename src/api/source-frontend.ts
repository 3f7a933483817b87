import { LuakitError } from "../diagnostic/luakit-error.ts";
import { parseReference } from "../image/reference.ts";
import { dockerfile, frontend } from "../llb/frontend.ts";
import type { Context } from "../llb/location.ts";
import type { State } from "../llb/state.ts";
import { oneOf, optional, refine } from "../lua/compose.ts";
import { map, options } from "../lua/table.ts";
import { contextOf, define } from "./define.ts";
import type { Evaluation } from "./evaluation.ts";
import { state, stateHandle } from "./handles.ts";
import { env } from "./kinds/env.ts";
import { platform } from "./kinds/platform.ts";
import { scalar } from "./kinds/scalar.ts";
import { filled } from "./kinds/text.ts";
import { replaceLocal } from "./replacement.ts";

const returns = { type: "State", handle: stateHandle };
const target = { kind: platform, doc: "The platform that it is made for. Default: the platform of the build." };

const dockerfileOptions = options(
  {
    context: {
      kind: oneOf(state, filled),
      doc: "The build context: a State, or the name of a local directory, whose .dockerignore counts. Default: `context`.",
    },
    filename: { kind: filled, doc: "The Dockerfile's path in the context. Default: `Dockerfile`." },
    target: { kind: filled, doc: "The stage to build. Default: the last one." },
    build_args: { kind: env, doc: "Values for ARG: `{NAME = value}`, or a list of `NAME=value`." },
    platform: target,
  },
  { type: "DockerfileOptions" },
);

export const bkDockerfile = define({
  name: "bk.dockerfile",
  doc: "What a Dockerfile builds. Steps on it start from the environment, working directory and user that the Dockerfile sets. Only a daemon can read Dockerfiles, so `luakit build` needs `--solve`.",
  params: [{ name: "opts", kind: optional(dockerfileOptions) }],
  returns,
  example:
    'local app = bk.dockerfile({filename = "docker/Dockerfile", target = "app", build_args = {VERSION = "1.2"}})\nbk.export(app:run("app --version"))',
  run: (call, given = {}) =>
    dockerfile(
      {
        context: dockerfileContext(call.session, given.context, contextOf(call)),
        filename: given.filename,
        target: given.target,
        buildArgs: given.build_args,
        platform: given.platform,
      },
      contextOf(call),
    ),
});

// The daemon's Dockerfile frontend reads a local directory itself; it does not know what takes its place here.
function dockerfileContext(
  { options: { replacements, targetPlatform } }: Evaluation,
  given: string | State | undefined,
  context: Context,
): string | State | undefined {
  if (given !== undefined && typeof given !== "string") return given;
  const by = replacements?.local(given ?? "context", targetPlatform);
  return by === undefined ? given : replaceLocal(by, {}, targetPlatform, context);
}

const image = refine(filled, {}, (reference) => {
  parseReference(reference);
  return reference;
});

const ownOptions = refine(map(scalar), {}, (given) => {
  const set = (name: string, hint: string) => {
    if (given.has(name)) throw new LuakitError("script.option", `"${name}" is not one of the frontend's own`, { hint });
  };
  set("source", "it is the first argument of bk.frontend");
  set("platform", "write {platform = …, opts = {…}}");
  return given;
});

const frontendOptions = options(
  {
    opts: {
      kind: ownOptions,
      doc: "The frontend's own options, such as `filename`, `target` or `build-arg:NAME`.",
    },
    inputs: {
      kind: map(state),
      doc: "States that the frontend gets by name. An image's config goes with the State that descends from it.",
    },
    platform: target,
  },
  { type: "FrontendOptions" },
);

export const bkFrontend = define({
  name: "bk.frontend",
  doc: "What another frontend builds, such as the image in the `#syntax=` line of a Dockerfile. It needs a daemon: `luakit build --solve`.",
  params: [
    { name: "source", kind: image, doc: "The frontend's image." },
    { name: "opts", kind: optional(frontendOptions) },
  ],
  returns,
  example:
    'local base = bk.image("alpine")\nlocal app = bk.frontend("docker/dockerfile:1", {\n  opts = {target = "app", ["context:base"] = "input:base"},\n  inputs = {context = bk.local_("context"), dockerfile = bk.local_("context"), base = base},\n})\nbk.export(app)',
  run: (call, source, given = {}) =>
    frontend(source, { options: given.opts, inputs: given.inputs, platform: given.platform }, contextOf(call)),
});
