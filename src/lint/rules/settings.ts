import type { FileAction } from "../../llb/file.ts";
import { isAbsolute } from "../../llb/path.ts";
import type { LintContext } from "../context.ts";
import { type ApiCall, optionsOf, textOf } from "../record-calls.ts";
import type { Problem, Rule } from "../rule.ts";

export const relativeWorkdir: Rule = {
  id: "relative-workdir",
  severity: "warning",
  summary: "a relative directory is below that of the base image, which may change",
  *check({ ownCalls, targets }) {
    for (const call of ownCalls) {
      const dir = directoryOf(call);
      if (typeof dir !== "string" || isAbsolute(dir) || call.self?.dir !== undefined) continue;
      yield {
        message: `"${dir}" is below whatever directory the base image has`,
        hint: adviceOf(dir),
        at: call.location,
      };
    }
    for (const { config, location } of targets) {
      const dir = config.workdir;
      if (dir === undefined || isAbsolute(dir) || config.inherit === false) continue;
      yield { message: `"${dir}" is below whatever directory the base image has`, hint: adviceOf(dir), at: location };
    }
  },
};

function directoryOf(call: ApiCall): unknown {
  if (call.name === "state:with_dir") return call.args[0];
  return call.name === "state:run" ? optionsOf(call).cwd : undefined;
}

function adviceOf(dir: string): string {
  return `write the whole path: "/${dir.replace(/^(?:\.\/)+/, "")}"`;
}

export const worldWritable: Rule = {
  id: "world-writable",
  severity: "info",
  summary: "a file that every user of the container can change",
  *check({ ownCalls, stepIndex }) {
    for (const call of ownCalls) {
      const mode = lastAction(call)?.mode;
      if (mode === undefined || !isForAll(mode)) continue;
      const text = typeof mode === "number" ? `0${mode.toString(8)}` : mode;
      yield {
        message: `mode "${text}" lets every user change it`,
        hint: 'write "0755" or "0644", and owner',
        at: call.location,
      };
    }
    for (const step of stepIndex.running((name) => name === "chmod")) {
      for (const { name, args } of step.programs) {
        const mode = name === "chmod" ? args.find((arg) => !arg.startsWith("-")) : undefined;
        if (mode === undefined || !isForAll(/^[0-7]+$/.test(mode) ? Number.parseInt(mode, 8) : mode)) continue;
        yield {
          message: `"chmod ${mode}" lets every user change it`,
          hint: "name an owner instead",
          at: step.call.location,
        };
      }
    }
  },
};

/** What a call of one file operation makes. */
function lastAction({
  name,
  state,
}: ApiCall): (FileAction & { readonly mode?: number | string | undefined }) | undefined {
  const op = /^state:(?:copy|mkdir|mkfile)$/.test(name) ? state?.output?.vertex.op : undefined;
  return op?.type === "file" ? op.actions.at(-1) : undefined;
}

/** A directory with the sticky bit is as /tmp. */
function isForAll(mode: number | string): boolean {
  if (typeof mode === "number") return (mode & 0o002) !== 0 && (mode & 0o1000) === 0;
  return mode
    .split(",")
    .some((clause) => /^(?:[ugoa]*[oa][ugoa]*)?[+=][rxXst]*w/.test(clause) && !clause.includes("t"));
}

/** Directories that tools of any image and platform can share: what is in them has its version or its hash in its name. */
const shareable =
  /(?:^\/go(?:\/pkg(?:\/mod)?)?|\/\.cache\/(?:go-build|pip|uv|yarn|pnpm|composer|deno|ms-playwright|pypoetry)|\/\.npm|\/\.m2(?:\/repository)?|\/\.cargo|\/cargo\/(?:registry|git)(?:\/.*)?|\/\.gradle|\/\.nuget(?:\/packages)?|pnpm.*store|\/\.yarn(?:\/cache)?)\/?$/;

interface CacheUse {
  readonly mount: ApiCall;
  readonly image: string;
  readonly platform: string;
}

export const sharedCacheId: Rule = {
  id: "shared-cache-id",
  severity: "warning",
  summary: "steps on different images or platforms share a cache that is named after its path only",
  *check(context): Iterable<Problem> {
    for (const uses of cacheUses(context).values()) {
      const [first, ...others] = uses;
      const told = new Set<unknown>([first?.mount.location]);
      for (const use of others) {
        const differs = use.image !== first?.image || use.platform !== first.platform;
        if (!differs || use.mount === first?.mount || told.has(use.mount.location)) continue;
        told.add(use.mount.location);
        const dest = textOf(use.mount, 0) ?? "";
        const message = `the cache at "${dest}" is also that of steps on another ${use.image === first?.image ? "platform" : "image"}`;
        yield { message, hint: `name both, for example id = "${idOf(use.image, dest)}"`, at: use.mount.location };
      }
    }
  },
};

/** Uses of caches that have no id, by their destinations. */
function cacheUses({ steps, ownCalls }: LintContext): ReadonlyMap<string, readonly CacheUse[]> {
  const mounts = new Map(ownCalls.flatMap((call) => (call.name === "bk.cache" ? [[call.mount, call] as const] : [])));
  const uses = new Map<string, CacheUse[]>();
  for (const { op, vertex } of steps) {
    for (const each of op.mounts) {
      const mount = each.type === "cache" ? mounts.get(each) : undefined;
      if (each.type !== "cache" || mount === undefined || shareable.test(each.dest)) continue;
      if (optionsOf(mount).id !== undefined || each.sharing === "private") continue;
      const base = op.state.base?.op;
      const image =
        base?.type === "source" ? (/:\/\/(.+?)(?::[^/:@]+)?(?:@.*)?$/.exec(base.identifier)?.[1] ?? "") : "";
      const { os = "", architecture = "" } = vertex.platform ?? {};
      const list = uses.get(each.id) ?? [];
      list.push({ mount, image, platform: `${os}/${architecture}` });
      uses.set(each.id, list);
    }
  }
  return uses;
}

function idOf(image: string, dest: string): string {
  return `${image.split("/").at(-1) ?? "image"}-${dest.split("/").at(-1) ?? "cache"}`;
}

const aptNames = /^(?:apt|apt-get|aptitude)$/;

export const aptCacheSharing: Rule = {
  id: "apt-cache-sharing",
  severity: "warning",
  summary: "apt locks its caches, so steps that share one at the same time fail",
  *check({ stepIndex, ownCalls }) {
    const steps = stepIndex.running((name) => aptNames.test(name));
    if (steps.length === 0) return;
    const mounts = new Map(ownCalls.flatMap((call) => (call.name === "bk.cache" ? [[call.mount, call] as const] : [])));
    const told = new Set<unknown>();
    for (const step of steps) {
      for (const each of step.op.mounts) {
        const mount = each.type === "cache" && each.sharing === "shared" ? mounts.get(each) : undefined;
        if (mount === undefined || told.has(mount) || !/^\/var\/(?:cache|lib)\/apt/.test(each.dest ?? "")) continue;
        told.add(mount);
        const message = `apt fails when two steps have "${each.dest}" at the same time`;
        yield { message, hint: 'add sharing = "locked"', at: mount.location };
      }
    }
  },
};
