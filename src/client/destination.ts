import { type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { describeSystemError } from "../diagnostic/system-error.ts";
import { parseBoolean } from "./attribute-checks.ts";
import type { ExporterType } from "./exporter-attributes.ts";
import type { FlagContext } from "./flag-context.ts";

/** Where the client puts what an exporter sends. */
export type Destination =
  /** Nothing is sent: the daemon stores or pushes it. */
  | { readonly kind: "none" }
  /** `implied`: nobody said so; it is a docker archive without a destination, and stdout is a pipe. */
  | { readonly kind: "stdout"; readonly implied?: true }
  | { readonly kind: "file"; readonly path: string }
  /** `delete` removes what the result does not have. */
  | { readonly kind: "directory"; readonly path: string; readonly mode: "copy" | "delete" }
  /** An OCI layout (`tar=false`), written through the content store `export`. */
  | { readonly kind: "layout"; readonly path: string }
  /** The archive goes to a Docker Engine: that of `context`, else the current one. */
  | { readonly kind: "load"; readonly context?: string | undefined };

/** Where an output goes, from its checked attributes. Throws "usage" for what cannot be written as asked. */
export function destinationOf(
  type: ExporterType,
  attributes: ReadonlyMap<string, string>,
  context: FlagContext,
): Destination {
  const dest = attributes.get("dest");
  if (type === "image") return { kind: "none" };
  if (type === "local") {
    const mode = attributes.get("mode") === "delete" ? "delete" : "copy";
    return { kind: "directory", path: directoryPath(type, dest, context), mode };
  }
  if (type !== "tar" && parseBoolean(attributes.get("tar") ?? "true") === false) {
    return { kind: "layout", path: directoryPath(`${type},tar=false`, dest, context, type) };
  }
  return archive(type, dest, attributes.get("context"), context);
}

function archive(
  type: ExporterType,
  dest: string | undefined,
  engine: string | undefined,
  context: FlagContext,
): Destination {
  if (dest !== undefined && engine !== undefined) {
    throw new LuakitError("usage", "--output: context= names a Docker Engine to load into, and dest= a file", {
      hint: "leave out one of them",
    });
  }
  if (dest !== undefined && dest !== "-") return { kind: "file", path: filePath(dest, context) };
  const piped = context.stdout === "pipe" && engine === undefined;
  if (type === "docker" && dest === undefined && !piped) return { kind: "load", context: engine };
  if (type === "docker" && dest === undefined) return { kind: "stdout", implied: true };
  if (context.stdout !== "terminal") return { kind: "stdout" };
  throw new LuakitError("usage", `--output: a ${type} archive is binary and stdout is a terminal`, {
    hint: `write type=${type},dest=FILE, or send stdout to a file or a program`,
  });
}

/** `archive` is the type that writes the same as one file. */
function directoryPath(type: string, dest: string | undefined, { cwd }: FlagContext, archive = "tar"): string {
  if (dest === undefined) throw new LuakitError("usage", `--output: type=${type} needs dest=DIR`);
  if (dest === "-") {
    throw new LuakitError("usage", `--output: type=${type} writes a directory, and dest=- is stdout`, {
      hint: `write dest=DIR, or type=${archive},dest=- for one archive`,
    });
  }
  const path = resolve(cwd, dest);
  const found = look(path);
  if (found === undefined || found.isDirectory()) return path;
  throw new LuakitError("usage", `--output: dest "${dest}" is a file, and type=${type} writes a directory`, {
    hint: `write type=${archive},dest=${dest} for one archive`,
  });
}

function filePath(dest: string, { cwd }: FlagContext): string {
  const path = resolve(cwd, dest);
  if (!look(path)?.isDirectory() && !dest.endsWith("/")) return path;
  throw new LuakitError("usage", `--output: dest "${dest}" is a directory, and the output is one file`, {
    hint: `write dest=${dest.replace(/\/+$/, "")}/FILE, or type=local for a directory of files`,
  });
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new LuakitError("usage", `--output: dest "${path}" cannot be used: ${describeSystemError(error)}`, {
      cause: error,
    });
  }
}
