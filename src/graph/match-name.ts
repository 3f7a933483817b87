import { LuakitError } from "../diagnostic/luakit-error.ts";
import { formatFamiliarReference, parseReference } from "../image/reference.ts";
import { redact } from "./redact.ts";

/**
 * Finds the name that a vertex of a build has among those of a graph: a build knows the digests of its images, and named
 * contexts (`--build-context`) take the place of images and directories. A name that is not found is what it was.
 */
export function matchNames(names: readonly string[]): (traced: string) => string {
  const known = new Set(names);
  const byKey = Map.groupBy([...known], keyOf);
  return (traced) => {
    const name = redact(traced);
    if (known.has(name)) return name;
    if (name.startsWith(imageScheme)) {
      const tagged = name.replace(/@sha\d+:[0-9a-f]+$/, "");
      return known.has(tagged) ? tagged : name;
    }
    const [, key] = /^\[context ([^\]]+?)(?:::[^\]]*)?\] /.exec(name) ?? [];
    const [only, ...others] = byKey.get(key) ?? [];
    return key === undefined || only === undefined || others.length > 0 ? name : only;
  };
}

/**
 * The name without those of the inputs, which a merge and a diff have in theirs: inputs that have other names in a build
 * would change them, and a graph cuts them.
 */
export function nameAlone(name: string, inputs: number): string {
  if (name.startsWith("merge (")) return "merge";
  if (!/^diff (?:scratch -> |\()/.test(name)) return name;
  if (inputs > 1) return "diff";
  return name.startsWith("diff scratch") ? "diff scratch -> ()" : "diff () -> scratch";
}

const imageScheme = "docker-image://";

/** What a named context for a source is called; undefined for what is no source that one could replace. */
function keyOf(name: string): string | undefined {
  if (name.startsWith("local://")) return name.slice("local://".length);
  if (!name.startsWith(imageScheme)) return undefined;
  try {
    return formatFamiliarReference(parseReference(name.slice(imageScheme.length))).replace(/:latest$/, "");
  } catch (error) {
    // A Definition may name whatever it likes.
    if (error instanceof LuakitError) return undefined;
    throw error;
  }
}
