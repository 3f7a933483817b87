import type { Attestations, Result } from "../gen/gateway.ts";
import type { Definition } from "../gen/ops.ts";
import type { Init } from "../wire/codec.ts";

/** A result that the daemon holds. */
export interface Reference {
  /** Its id in the build; undefined is scratch. */
  readonly id: string | undefined;
  /** The graph that it comes from, to be built on further; absent for scratch and from old daemons. */
  readonly definition: Definition | undefined;
}

/** What a solve gives: one reference, or one for each platform id, and metadata such as `containerimage.config`. */
export interface GatewayResult {
  readonly reference: Reference | undefined;
  readonly references: ReadonlyMap<string, Reference>;
  readonly metadata: Readonly<Record<string, Uint8Array>>;
  /** What is said of the images, by platform id: software lists and the like. */
  readonly attestations?: Readonly<Record<string, Attestations>>;
}

/** A call of another frontend: its name (`dockerfile.v0`, `gateway.v0`), its options, and Definitions as its inputs. */
export interface FrontendSolve {
  readonly frontend: string;
  readonly options: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, Uint8Array>>;
}

/** Reads a result; daemons before v0.7 wrote bare ids. */
export function fromWire(result: Partial<Result> | undefined): GatewayResult {
  const single = result?.ref ?? (result?.refDeprecated === undefined ? undefined : { id: result.refDeprecated });
  const several = result?.refs?.refs ?? {};
  return {
    reference: single === undefined ? undefined : referenceOf(single),
    references: new Map(Object.entries(several).map(([platform, ref]) => [platform, referenceOf(ref)])),
    metadata: result?.metadata ?? {},
    attestations: result?.attestations ?? {},
  };
}

/** Writes a result. A scratch reference is a message too: a daemon crashes without one. */
export function toWire(result: GatewayResult): Init<Result> {
  const common = { metadata: { ...result.metadata }, attestations: withoutGraphs(result.attestations ?? {}) };
  if (result.references.size === 0) return { ref: { id: result.reference?.id ?? "" }, ...common };
  const refs = Object.fromEntries([...result.references].map(([platform, { id = "" }]) => [platform, { id }]));
  return { refs: { refs }, ...common };
}

/** The daemon knows the graphs of its references. */
function withoutGraphs(all: Readonly<Record<string, Attestations>>): Readonly<Record<string, Attestations>> {
  const entries = Object.entries(all).map(([platform, { attestation }]) => {
    const bare = attestation.map(({ ref, ...rest }) => (ref === undefined ? rest : { ...rest, ref: { id: ref.id } }));
    return [platform, { attestation: bare }] as const;
  });
  return Object.fromEntries(entries);
}

function referenceOf({ id, def }: { readonly id: string; readonly def?: Definition | undefined }): Reference {
  return { id: id === "" ? undefined : id, definition: def };
}
