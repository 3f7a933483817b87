import type { CopyAction } from "../../llb/action-copy.ts";
import type { SourceOp } from "../../llb/source.ts";
import type { State } from "../../llb/state.ts";
import { lineageOf } from "../lineage.ts";
import type { Rule } from "../rule.ts";
import type { Step } from "../step.ts";

const installs: Readonly<Record<string, RegExp>> = {
  go: /^mod download\b/,
  npm: /^(?:ci|install|i|clean-install)$/,
  yarn: /^(?:install)?$/,
  pnpm: /^(?:install|i|fetch)$/,
  pip: /^install -r\b/,
  pip3: /^install -r\b/,
  poetry: /^install\b/,
  uv: /^sync\b/,
  pipenv: /^(?:install|sync)\b/,
  bundle: /^install$/,
  composer: /^install$/,
  cargo: /^fetch$/,
  mvn: /dependency:/,
};

/** The command by which a step installs what the project's manifest lists: `npm ci`. */
function manifestInstall(step: Step): string | undefined {
  for (const { name, args } of step.programs) {
    const words = args.filter((arg) => !arg.startsWith("-") || arg === "-r").join(" ");
    if (Object.hasOwn(installs, name) && installs[name]?.test(words)) return `${name} ${words.split(" -r")[0]}`.trim();
  }
  return undefined;
}

/** Walks of more ops than that say nothing about a cache. */
const longestWalk = 1000;

export const copyBeforeInstall: Rule = {
  id: "copy-before-install",
  severity: "warning",
  summary: "dependencies are installed again whenever any file of the context changes",
  *check({ stepIndex }) {
    const steps = stepIndex.running((name) => Object.hasOwn(installs, name));
    const installers = steps.filter(({ op }) => !op.mounts.some(({ type }) => type === "cache"));
    const words = new Map(installers.map((step) => [step.op, manifestInstall(step)]));
    for (const step of installers) {
      const install = words.get(step.op);
      if (install === undefined || !(bindsAll(step) || followsCopy(step, words))) continue;
      const hint = "copy the manifest and its lock file first, and the rest after this step";
      yield {
        message: `"${install}" runs again whenever any file of the context changes`,
        hint,
        at: step.call.location,
      };
    }
  },
};

function bindsAll({ op }: Step): boolean {
  return op.mounts.some((mount) => mount.type === "bind" && mount.selector === "" && isWhole(mount.source));
}

function followsCopy({ op }: Step, installs: ReadonlyMap<unknown, string | undefined>): boolean {
  let walked = 0;
  for (const vertex of lineageOf(op.state.output)) {
    if (++walked > longestWalk || installs.get(vertex.op) !== undefined) return false;
    if (vertex.op.type === "file" && vertex.op.actions.some((action) => action.type === "copy" && copiesAll(action)))
      return true;
  }
  return false;
}

function copiesAll({ from, source, include }: CopyAction): boolean {
  return include.length === 0 && /^[./*]*$/.test(source) && isWhole(from);
}

/** Whether a State is a directory of the client as it is. */
function isWhole({ output }: State): boolean {
  const op = output?.vertex.op;
  return op?.type === "source" && op.identifier.startsWith("local://") && !hasInclude(op);
}

function hasInclude({ attributes }: SourceOp): boolean {
  return attributes.some(([key]) => key === "local.includepattern");
}
