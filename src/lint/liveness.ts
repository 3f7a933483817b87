import type { Target } from "../api/evaluation.ts";
import type { ApiCall } from "./record-calls.ts";

export interface Liveness {
  /** Calls whose States and Mounts reach a result, and calls that do something else. */
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
  const live = findLive(calls, targets, producers, inputs);
  const unused = calls.filter((call) => {
    const product = call.state ?? call.mount;
    return product !== undefined && call.name !== "bk.scratch" && !live.has(call) && !consumed.has(product);
  });
  return { live, unused };
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
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
    if (producers.has(value)) used.push(value);
    else if (Array.isArray(value)) value.forEach(look);
    else if (value instanceof Map) value.forEach(look);
    else if (Object.getPrototypeOf(value) === Object.prototype) Object.values(value).forEach(look);
  };
  args.forEach(look);
  return used;
}
