import type { VertexFacts } from "./definition-facts.ts";

const shared = "shared";
const around = "around the build";
/** Frontends put the platform before a step's name: `[linux/arm64 2/3] RUN make`. */
const platformPrefix = /^\[(?:[\w.-]+ )?([a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?)[\s\]]/;

/** The targets and platforms that vertices belong to. */
export interface Sections {
  readonly names: readonly string[];
  /** For each vertex its place in `names`. */
  readonly places: readonly number[];
}

/** Sorts vertices by what they are for; all are in one section without a name when there is nothing to tell apart. */
export function findSections(
  vertices: readonly { readonly name: string; readonly digest: string }[],
  facts: ReadonlyMap<string, VertexFacts>,
): Sections {
  const own = vertices.map(({ name, digest }) => {
    const names = facts.get(digest)?.names ?? new Set();
    if (names.size > 1) return shared;
    const [only = platformPrefix.exec(name)?.[1]] = names;
    return only;
  });
  const told = [...new Set(own.filter((name) => name !== undefined && name !== shared))].sort();
  if (told.length < 2) return { names: [""], places: vertices.map(() => 0) };
  const names = [shared, ...told, around].filter(
    (name) => own.includes(name) || own.some((each) => each === undefined && name === around),
  );
  return { names: names.map(String), places: own.map((name) => names.indexOf(name ?? around)) };
}
