import type { Writer } from "../wire/writer.ts";
import type { DefinitionInput, DefinitionOp } from "./definition.ts";
import { type Digest, digestOf } from "./digest.ts";
import type { Location, SourceFile } from "./location.ts";
import { type Metadata, mergeMetadata } from "./metadata.ts";
import { plainFileCaps, plainStepCaps } from "./plain-caps.ts";

/** An op while others may still turn out to have the same bytes. */
export type OpenOp = { -readonly [K in keyof DefinitionOp]: DefinitionOp[K] };

/** The ops of a Definition while it is made, each once. */
export interface OpList {
  readonly writer: Writer;
  readonly ops: OpenOp[];
  readonly byDigest: Map<Digest, OpenOp>;
  /** One list for each set of capabilities. */
  readonly caps: Map<string, readonly string[]>;
  readonly sources: Set<SourceFile>;
  /** One list for each place: loops make many ops at the same. */
  readonly places: Map<Location, readonly Location[]>;
}

const nowhere: readonly Location[] = [];

export function openOpList(writer: Writer): OpList {
  return { writer, ops: [], byDigest: new Map(), caps: new Map(), sources: new Set(), places: new Map() };
}

/** Adds an op that is new, with its capabilities in any order. */
export function addOp(list: OpList, op: OpenOp): void {
  op.caps = internCaps(op.caps, list);
  list.byDigest.set(op.digest, op);
  list.ops.push(op);
}

/** Writes the last op of a Definition, which names its result, and gives its digest. */
export function writeTerminal({ writer }: OpList, result: DefinitionInput): Digest {
  const mark = writer.begin(1);
  const input = writer.begin(1);
  writer.text(1, result.op.digest);
  writer.number(2, result.index);
  writer.end(input);
  const digest = digestOf(writer.view(mark));
  writer.end(mark);
  return digest;
}

/** Says more about an op that is there already. `locations` may be shared: see `placeOf`. */
export function mergeOp(
  list: OpList,
  known: OpenOp,
  metadata: Metadata | undefined,
  caps: readonly string[],
  locations: readonly Location[],
): void {
  known.metadata = mergeMetadata(known.metadata, metadata);
  known.caps = internCaps([...known.caps, ...caps], list);
  const fresh = locations.filter((location) => !known.locations.some((other) => sameLocation(other, location)));
  if (fresh.length > 0) known.locations = [...known.locations, ...fresh];
}

/** A list of just this place, whose files become those of the Definition. */
export function placeOf(location: Location | undefined, list: OpList): readonly Location[] {
  if (location === undefined) return nowhere;
  const known = list.places.get(location);
  if (known !== undefined) return known;
  const place = [location];
  list.places.set(location, place);
  for (let at: Location | undefined = location; at !== undefined; at = at.caller) list.sources.add(at.source);
  return place;
}

function sameLocation(left: Location, right: Location): boolean {
  if (left === right) return true;
  if (left.source !== right.source || left.line !== right.line || left.ranges !== right.ranges) return false;
  if (left.caller === undefined || right.caller === undefined) return left.caller === right.caller;
  return sameLocation(left.caller, right.caller);
}

function internCaps(caps: readonly string[], list: OpList): readonly string[] {
  if (caps === plainStepCaps || caps === plainFileCaps) return caps;
  const key = caps.join(" ");
  const known = list.caps.get(key);
  if (known !== undefined) return known;
  const sorted = [...new Set(caps)].sort();
  const sortedKey = sorted.join(" ");
  const interned = list.caps.get(sortedKey) ?? sorted;
  list.caps.set(key, interned).set(sortedKey, interned);
  return interned;
}
