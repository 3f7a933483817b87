import type { Replacement } from "../api/replacement.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { scratch } from "../llb/state.ts";
import type { Platform } from "../oci/platform.ts";
import { type NamedContext, schemeOf, sourceContext, unknownContext } from "../script/source-context.ts";
import { sessionOf } from "./client-context.ts";
import type { ClientInputs } from "./client-inputs.ts";
import { localRoot } from "./file-root.ts";
import { readIgnorePatterns } from "./ignore-patterns.ts";
import type { RawOptions } from "./option-value.ts";

export interface NamedContextOptions {
  readonly gateway: Gateway;
  readonly options: RawOptions;
  readonly platform: Platform;
  readonly inputs: () => Promise<ClientInputs>;
}

/** What a named context is: known at once, or only when the daemon was asked. Throws for one that is malformed. */
export function readNamedContext(
  context: NamedContext,
  given: NamedContextOptions,
): Replacement | (() => Promise<Replacement>) {
  const known = sourceContext(context);
  if (known !== undefined) return known;
  const scheme = schemeOf(context.value);
  const rest = context.value.slice(scheme.length + 1);
  if (scheme === "local") return () => readLocal(context, rest, given);
  if (scheme === "input") return () => readInput(context, rest, given);
  // Of targets that buildx bake has yet to build, questions need not know more.
  if (scheme === "target" && given.options.has("requestid")) return { type: "state", make: () => scratch };
  throw unknownContext(context, "local:, input:");
}

async function readLocal(
  { key }: NamedContext,
  name: string,
  { gateway, options, platform }: NamedContextOptions,
): Promise<Replacement> {
  const sessionId = sessionOf(options, name);
  const hint = `context:${key}`;
  const root = localRoot(gateway, name, { platform, sessionId });
  const exclude = await readIgnorePatterns(root, { title: `[context ${key}] load .dockerignore`, key: hint });
  if (exclude === undefined) throw missing(key, `the client has no local directory "${name}"`);
  const sharedKeyHint = `${hint}-${options.get(`sharedkey:localdir:${key}`) ?? ""}`;
  return { type: "local", name, exclude, sharedKeyHint, sessionId, title: `[context ${key}] load from client` };
}

async function readInput(
  { key }: NamedContext,
  name: string,
  { inputs, options }: NamedContextOptions,
): Promise<Replacement> {
  const all = await inputs();
  if (!all.has(name)) throw missing(key, `the client gave no input "${name}"`);
  const config = readConfig(key, options.get(`input-metadata:${name}`));
  return { type: "state", make: (_, place) => all.state(name, config, place) };
}

function readConfig(key: string, json: string | undefined): Uint8Array | undefined {
  if (json === undefined) return undefined;
  try {
    const config: unknown = JSON.parse(json)?.["containerimage.config"];
    return typeof config === "string" ? Buffer.from(config, "base64") : undefined;
  } catch (cause) {
    throw new LuakitError("usage", `context "${key}": the metadata of its input is no JSON`, { cause });
  }
}

function missing(key: string, problem: string): LuakitError {
  return new LuakitError("usage", `context "${key}": ${problem}`);
}
