import { LuakitError } from "../diagnostic/luakit-error.ts";
import { adviseNewer } from "../llb/daemon-version.ts";
import type { Definition, DefinitionOp } from "../llb/definition.ts";
import { callersOf, positionOf } from "../llb/location.ts";
import type { Op } from "../llb/op.ts";

/** What Go's client does not declare, nor luakit, as Definitions are the same bytes. */
interface Undeclared {
  readonly cap: string;
  /** A capability that daemons tell of, and that came at the same time. */
  readonly witness: string;
  readonly needs: (op: Op) => boolean;
}

// A daemon that does not know symbolic modes keeps those of the source, without a word.
const symbolicMode: Undeclared = {
  cap: "file.copy.modestring",
  witness: "exec.validexitcode",
  needs: (op) =>
    op.type === "file" && op.actions.some((action) => action.type === "copy" && typeof action.mode === "string"),
};

// One that does not know the bits beyond 0777 leaves them out, as silently.
const specialBits: Undeclared = {
  cap: "special bits in the mode of a copy",
  witness: "exec.mount.cache.content",
  needs: (op) =>
    op.type === "file" &&
    op.actions.some((action) => action.type === "copy" && typeof action.mode === "number" && action.mode > 0o777),
};

const gitDirectory: Undeclared = {
  cap: "source.git.subdir",
  witness: "source.git.subdir",
  needs: (op) => op.type === "source" && /^git:\/\/[^#]*#[^:]*:./.test(op.identifier),
};

/** Refuses what needs a capability that a daemon has not. `supported` is undefined when unknown. */
export function requireCap(cap: string, supported: ReadonlySet<string> | undefined): void {
  if (supported !== undefined && !supported.has(cap)) throw unsupported(cap);
}

function unsupported(cap: string): LuakitError {
  return new LuakitError("llb.unsupported", `the BuildKit daemon does not support "${cap}"`, {
    hint: adviseNewer(cap),
  });
}

/** Refuses a graph that needs what a daemon has not, at the line that needs it. `supported` is undefined when unknown. */
export function checkCaps(definition: Definition, supported: ReadonlySet<string> | undefined): void {
  if (supported === undefined) return;
  for (const op of definition.ops) {
    const missing = missingCap(op, supported);
    if (missing === undefined) continue;
    const error = unsupported(missing);
    const [location] = op.locations;
    throw location === undefined ? error : error.at(positionOf(location), callersOf(location));
  }
}

const cgroupParent: Undeclared = {
  cap: "exec.meta.cgroup.parent",
  witness: "exec.meta.cgroup.parent",
  needs: (op) => op.type === "exec" && op.cgroupParent !== "",
};

const undeclared = [symbolicMode, specialBits, gitDirectory, cgroupParent];

function missingCap({ caps, vertex }: DefinitionOp, supported: ReadonlySet<string>): string | undefined {
  const missing = caps.find((cap) => !supported.has(cap));
  if (missing !== undefined) return missing;
  return undeclared.find(({ witness, needs }) => !supported.has(witness) && needs(vertex.op))?.cap;
}
