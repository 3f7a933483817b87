import type { Replacement, Replacements } from "../api/replacement.ts";
import { statOf } from "../client/path-stat.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { State } from "../llb/state.ts";
import { keysOfImage, keysOfLocal } from "../script/context-names.ts";
import { readContextIgnorePatterns } from "../script/ignore-file.ts";
import { schemeOf, sourceContext, unknownContext } from "../script/source-context.ts";

/** What a test puts in the place of directories and images. */
export interface TestContexts {
  readonly replacements: Replacements;
  /** The directories among them, by the names that the graph has for them. */
  readonly locals: ReadonlyMap<string, string>;
}

/** Reads named contexts: States, directories of the project, and URLs. `directoryOf` refuses directories outside. */
export function readContexts(
  given: ReadonlyMap<string, string | State>,
  directoryOf: (name: string) => string,
): TestContexts {
  const locals = new Map<string, string>();
  const known = new Map<string, Replacement>();
  for (const [name, value] of given) known.set(familiar(name), readContext(name, value, directoryOf, locals));
  const find = (keys: readonly string[]) => keys.map((key) => known.get(key)).find((by) => by !== undefined);
  return {
    replacements: {
      local: (name, platform) => find(keysOfLocal(name, platform)),
      image: (reference, platform) => find(keysOfImage(reference, platform)),
    },
    locals,
  };
}

function readContext(
  key: string,
  value: string | State,
  directoryOf: (name: string) => string,
  locals: Map<string, string>,
): Replacement {
  if (typeof value !== "string") return { type: "state", make: () => value };
  if (schemeOf(value) !== "" || value.startsWith("github.com/")) {
    const by = sourceContext({ key, value });
    if (by === undefined) throw unknownContext({ key, value }, "directories");
    return by;
  }
  const path = directoryOf(value);
  if (statOf(path)?.isDirectory() !== true) {
    throw new LuakitError("script.option", `context "${key}": there is no directory "${value}"`);
  }
  const name = `build-context-${key}`;
  locals.set(name, path);
  const exclude = readContextIgnorePatterns(path);
  return { type: "local", name, exclude, sharedKeyHint: name };
}

/** `docker.io/library/alpine:latest` is `alpine`, as scripts may write either. */
function familiar(name: string): string {
  return name.replace(/^(docker\.io\/)?(library\/)?/, "").replace(/:latest$/, "");
}
