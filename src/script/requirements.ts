import type { ExecOp } from "../llb/exec.ts";
import type { Location } from "../llb/location.ts";
import type { SourceOp } from "../llb/source.ts";
import type { State } from "../llb/state.ts";
import type { Vertex } from "../llb/vertex.ts";

/** Something of the client or the daemon that steps ask for by its id. */
export interface Requirement {
  readonly kind: "secret" | "ssh" | "cache";
  readonly id: string;
  /** Without it the build fails. */
  readonly required: boolean;
  readonly location?: Location | undefined;
}

/** What the steps and sources of states ask for, each id of a kind once, at the first place that asks for it. */
export function requirementsOf(states: readonly State[]): readonly Requirement[] {
  const found = new Map<string, Requirement>();
  for (const vertex of inScriptOrder(states)) {
    for (const asked of askedBy(vertex)) {
      const key = `${asked.kind} ${asked.id}`;
      const before = found.get(key);
      if (before === undefined) found.set(key, { ...asked, location: vertex.location });
      else if (asked.required && !before.required) found.set(key, { ...before, required: true });
    }
  }
  return [...found.values()];
}

/** Every vertex once, the inputs of each before it. */
function inScriptOrder(states: readonly State[]): readonly Vertex[] {
  const done = new Set<Vertex>();
  const path: { readonly vertex: Vertex; next: number }[] = [];
  for (const { output } of states) {
    if (output === undefined || done.has(output.vertex)) continue;
    path.push({ vertex: output.vertex, next: 0 });
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const input = frame.vertex.inputs[frame.next++]?.vertex;
      if (input === undefined) {
        done.add(frame.vertex);
        path.pop();
      } else if (!done.has(input)) path.push({ vertex: input, next: 0 });
    }
  }
  return [...done];
}

type Asked = Pick<Requirement, "kind" | "id" | "required">;

function askedBy({ op }: Vertex): readonly Asked[] {
  if (op.type === "exec") return askedByStep(op);
  return op.type === "source" ? askedBySource(op) : [];
}

function askedByStep({ mounts, secretsEnv }: ExecOp): readonly Asked[] {
  const asked: Asked[] = [];
  for (const mount of mounts) {
    if (mount.type === "cache") asked.push({ kind: "cache", id: mount.id, required: false });
    if (mount.type === "secret") asked.push({ kind: "secret", id: mount.id, required: !mount.optional });
    if (mount.type === "ssh") asked.push({ kind: "ssh", id: mount.id || defaultAgent, required: !mount.optional });
  }
  return [...asked, ...secretsEnv.map(({ id, optional }) => ({ kind: "secret", id, required: !optional }) as const)];
}

const defaultAgent = "default";
/** Git sources name these by themselves; only who has them needs to know. */
const defaultSecrets = ["GIT_AUTH_TOKEN", "GIT_AUTH_HEADER"];

function askedBySource({ attributes }: SourceOp): readonly Asked[] {
  return attributes.flatMap(([key, id]): readonly Asked[] => {
    if (key === "http.authheadersecret") return [{ kind: "secret", id, required: true }];
    if (key === "git.mountsshsock") return [{ kind: "ssh", id, required: true }];
    if (key !== "git.authtokensecret" && key !== "git.authheadersecret") return [];
    return defaultSecrets.includes(id) ? [] : [{ kind: "secret", id, required: false }];
  });
}
