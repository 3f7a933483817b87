import { resolve } from "node:path";
import type { Replacement, Replacements } from "../api/replacement.ts";
import type { NamedPath } from "../client/local-flags.ts";
import { statOf } from "../client/path-stat.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { keysOfImage, keysOfLocal } from "../script/context-names.ts";
import type { NamedContexts } from "../script/define-build.ts";
import { readContextIgnorePatterns } from "../script/ignore-file.ts";
import { sourceContext, unknownContext } from "../script/source-context.ts";

/** What the values of `--build-context` put in the place of directories and images. */
export interface BuildContexts {
  /** The directories among them, under names that no script uses. */
  readonly locals: readonly NamedPath[];
  readonly replacements: Replacements;
  /** The same for Dockerfiles that the script builds. */
  readonly named: NamedContexts;
}

interface BuildContext {
  readonly key: string;
  /** As frontends read it. */
  readonly value: string;
  readonly by: Replacement;
  readonly local?: NamedPath;
}

/** Reads every `NAME=VALUE`: a directory, or what the daemon fetches. Throws "usage". */
export function readBuildContexts(values: readonly string[], cwd: string): BuildContexts {
  const contexts = new Map<string, BuildContext>();
  for (const text of values) {
    const context = readBuildContext(text, cwd);
    if (contexts.has(context.key)) throw wrong(`the name "${context.key}" is given twice`);
    contexts.set(context.key, context);
  }
  const find = (keys: readonly string[]) => keys.map((key) => contexts.get(key)?.by).find((by) => by !== undefined);
  const all = [...contexts.values()];
  return {
    locals: all.flatMap(({ local }) => local ?? []),
    replacements: {
      local: (name, platform) => find(keysOfLocal(name, platform)),
      image: (reference, platform) => find(keysOfImage(reference, platform)),
    },
    named: { options: Object.fromEntries(all.map(({ key, value }) => [`context:${key}`, value])), inputs: {} },
  };
}

function readBuildContext(text: string, cwd: string): BuildContext {
  const equals = text.indexOf("=");
  const key = keyOf(text.slice(0, Math.max(equals, 0)));
  const value = text.slice(equals + 1);
  if (key === "" || value === "") throw wrong(`"${text}" is not NAME=VALUE`);
  const path = resolve(cwd, value);
  if (statOf(path)?.isDirectory() === true) return directoryContext(key, path);
  if (!/^[\w+.-]+(:|@[\w.-]+:)|^github\.com\//.test(value)) throw wrong(`there is no directory "${path}"`);
  const by = checked(() => sourceContext({ key, value }), hintOf(value));
  if (by === undefined) throw unknownContext({ key, value }, "directories");
  return { key, value, by };
}

function directoryContext(key: string, path: string): BuildContext {
  const local = { name: `build-context-${key}`, path };
  const exclude = readContextIgnorePatterns(path);
  const title = `[context ${key}] load from client`;
  const by: Replacement = { type: "local", name: local.name, exclude, sharedKeyHint: local.name, title };
  return { key, value: `local:${local.name}`, by, local };
}

/** `alpine:latest` and `docker.io/library/alpine` are `alpine`, as scripts may write any of them. */
function keyOf(name: string): string {
  const [image = "", platform] = name.split("::");
  const familiar = image.replace(/^(docker\.io\/)?(library\/)?/, "").replace(/:latest$/, "");
  return platform === undefined ? familiar : `${familiar}::${platform}`;
}

/** buildx has the directory of a layout in the value; here a flag of its own gives it a name. */
function hintOf(value: string): string | undefined {
  if (!value.startsWith("oci-layout://")) return undefined;
  return "write oci-layout://NAME@sha256:… and add --oci-layout NAME=DIR";
}

function checked<T>(read: () => T, hint?: string): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LuakitError)) throw error;
    throw new LuakitError("usage", `--build-context: ${error.message}`, { hint: hint ?? error.hint, cause: error });
  }
}

function wrong(problem: string): LuakitError {
  return new LuakitError("usage", `--build-context: ${problem}`);
}
