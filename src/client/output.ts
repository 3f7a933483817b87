import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { checkAttributes, parseAttributes } from "./attributes.ts";
import { checkCompression } from "./compression.ts";
import { parseCsv } from "./csv.ts";
import { type Destination, destinationOf } from "./destination.ts";
import { annotationProblem, type ExporterType, exporterAttributes } from "./exporter-attributes.ts";
import type { FlagContext } from "./flag-context.ts";

/** One `--output`. Paths are absolute; `attributes` are those of the daemon, checked, and empty values written out. */
export interface Output {
  readonly type: ExporterType;
  readonly attributes: ReadonlyMap<string, string>;
  readonly destination: Destination;
}

const types: readonly ExporterType[] = ["image", "oci", "docker", "local", "tar"];
const words = [...types, "registry", "cacheonly", "none"];
const here = "output";

/**
 * Reads a value of `--output` as buildctl and buildx do: `type=…,key=value`, a bare directory, or `-` for a tar on stdout.
 * Undefined for `type=cacheonly`. Throws "usage", also for a destination that cannot be written as asked.
 */
export function parseOutput(text: string, context: FlagContext): Output | undefined {
  const given = readGiven(text);
  const output = given.get("output");
  if (output !== undefined) {
    throw new LuakitError("usage", "--output: there is no attribute output", { hint: `write dest=${output}` });
  }
  const word = given.get("type");
  if (word === undefined || word === "") throw noType();
  given.delete("type");
  const type = typeOf(word, given);
  if (type === undefined) {
    checkAttributes(here, `type=${word}`, given, {});
    return undefined;
  }
  checkAnnotations(type, given);
  checkMisplaced(type, given);
  const attributes = checkAttributes(here, `type=${type}`, given, exporterAttributes(type, given.keys()));
  checkCompression(here, attributes);
  const destination = destinationOf(type, attributes, context);
  for (const own of ["dest", "context"]) attributes.delete(own);
  return { type, attributes, destination };
}

function readGiven(text: string): Map<string, string> {
  const fields = parseCsv(here, text);
  const [only = ""] = fields;
  const bare = fields.length === 1 && only === text && !/^(type|dest|name|push|mode|tar|output)\s*=/i.test(only);
  if (!bare) return parseAttributes(here, text);
  if (only === "-")
    return new Map([
      ["type", "tar"],
      ["dest", "-"],
    ]);
  return new Map([
    ["type", "local"],
    ["dest", only],
  ]);
}

function typeOf(word: string, given: Map<string, string>): ExporterType | undefined {
  const known = types.find((type) => type === word);
  if (known !== undefined) return known;
  if (word === "cacheonly" || word === "none") return undefined;
  if (word === "registry") {
    // Docker's shorthand: pushing leaves nothing to unpack at the daemon.
    if (!given.has("push")) given.set("push", "true");
    if (!given.has("unpack")) given.set("unpack", "false");
    return "image";
  }
  const hint =
    word === "moby" ? "write type=image, which a Docker Engine gets in its own way" : `one of: ${words.join(", ")}`;
  throw new LuakitError("usage", `--output: there is no type "${word}"${didYouMean(word, words)}`, { hint });
}

function noType(): LuakitError {
  const hint = `write type=local,dest=DIR, or one of type=${words.join(", type=")}`;
  return new LuakitError("usage", "--output: it says no type=", { hint });
}

function checkAnnotations(type: ExporterType, given: ReadonlyMap<string, string>): void {
  if (type === "local" || type === "tar") return;
  for (const key of given.keys()) {
    if (!key.startsWith("annotation")) continue;
    const problem = annotationProblem(key);
    if (problem !== undefined) throw new LuakitError("usage", `--output: "${key}": ${problem}`);
  }
}

/** Attributes of other exporters get the reason instead of a list of names. */
function checkMisplaced(type: ExporterType, given: ReadonlyMap<string, string>): void {
  if (type === "image" && given.has("dest")) {
    throw new LuakitError("usage", "--output: type=image stays at the daemon and has no dest", {
      hint: "write type=oci or type=docker for an archive",
    });
  }
  if ((type === "oci" || type === "docker") && given.has("push")) {
    throw new LuakitError("usage", `--output: type=${type} writes an archive and cannot push`, {
      hint: "write type=image,name=NAME,push=true beside it",
    });
  }
  if ((type === "local" || type === "tar") && given.has("name")) {
    throw new LuakitError("usage", `--output: type=${type} writes files, which have no image name`, {
      hint: "write type=image, type=oci or type=docker",
    });
  }
}
