import type { Target } from "../api/evaluation.ts";
import type { ApiCall } from "./record-calls.ts";

export interface Liveness {
  /** Calls whose States and Mounts reach a result, and calls that do something else. Not looked for when nothing is unused. */
  readonly live: ReadonlySet<ApiCall>;
  /** Calls whose States and Mounts reach no result, and are part of nothing else either. */
  readonly unused: readonly ApiCall[];
}

/** Finds what results are made from. */
export function findLiveness(calls: readonly ApiCall[], targets: readonly Target[]): Liveness {
  const producers = new Map<object, ApiCall[]>();
  const inputs = new Map<ApiCall, readonly object[]>();
  const consumed = new Set<object>();
  for (const call of calls) {
    const used = usedBy(call, producers);
    inputs.set(call, used);
    const product = call.state ?? call.mount;
    for (const each of used) if (each !== product) consumed.add(each);
    if (product === undefined) continue;
    const known = producers.get(product);
    if (known === undefined) producers.set(product, [call]);
    else known.push(call);
  }
  const lost = calls.filter((call) => {
    const product = call.state ?? call.mount;
    return product !== undefined && call.name !== "bk.scratch" && !consumed.has(product);
  });
  if (lost.length === 0) return { live: new Set(), unused: [] };
  const live = findLive(calls, targets, producers, inputs);
  return { live, unused: lost.filter((call) => !live.has(call)) };
}

function findLive(
  calls: readonly ApiCall[],
  targets: readonly Target[],
  producers: ReadonlyMap<object, readonly ApiCall[]>,
  inputs: ReadonlyMap<ApiCall, readonly object[]>,
): ReadonlySet<ApiCall> {
  const live = new Set<ApiCall>();
  const open = targets.flatMap(({ state }) => producers.get(state) ?? []);
  // What gives neither a State nor a Mount does something else with what it takes: exports it, or collects it.
  open.push(...calls.filter(({ state, mount, collects }) => collects || (state ?? mount) === undefined));
  for (let call = open.pop(); call !== undefined; call = open.pop()) {
    if (live.has(call)) continue;
    live.add(call);
    for (const input of inputs.get(call) ?? []) open.push(...(producers.get(input) ?? []));
  }
  return live;
}

/** The States and Mounts that a call takes: as itself, and within lists and tables of options. */
function usedBy({ self, args }: ApiCall, producers: ReadonlyMap<object, unknown>): readonly object[] {
  const used: object[] = [];
  if (self !== undefined) used.push(self);
  for (let at = 0; at < args.length; at++) {
    const value = args[at];
    if (typeof value === "object") addUsed(used, value, producers);
  }
  return used;
}

function addUsed(used: object[], value: unknown, producers: ReadonlyMap<object, unknown>): void {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
  if (producers.has(value)) used.push(value);
  else if (Array.isArray(value)) for (const each of value) addUsed(used, each, producers);
  else if (value instanceof Map) for (const each of value.values()) addUsed(used, each, producers);
  else if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const each of Object.values(value)) if (typeof each === "object") addUsed(used, each, producers);
  }
}
