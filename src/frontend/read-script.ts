import type { Gateway } from "../gateway/gateway.ts";
import type { State } from "../llb/state.ts";
import type { ScriptFile } from "../lua/position.ts";
import type { Platform } from "../oci/platform.ts";
import { likelyContext, type MainContext } from "./client-context.ts";
import { type ClientInputs, readClientInputs } from "./client-inputs.ts";
import { type FoundFile, findScript } from "./find-script.ts";
import { readContextIgnore } from "./ignore-patterns.ts";
import { findMainContext } from "./main-context.ts";
import type { RawOptions } from "./option-value.ts";
import type { ScriptSources } from "./script-sources.ts";

/** The script of a build, as the daemon gave it. */
export interface FoundScript {
  /** Its name is its path. */
  readonly file: ScriptFile;
  /** The digest of the vertex that reads it: clients show there what the script warns of. */
  readonly vertex: string;
  /** What the daemon fetches as the context: see MainContext. */
  readonly origin: State | undefined;
  /** What it asks for when it runs. */
  readonly sources: ScriptSources;
  /** Options that lead another frontend to the same file. */
  readonly place: Readonly<Record<string, string>>;
}

export interface ReadScriptOptions {
  readonly options: RawOptions;
  /** The script's path among the build files. */
  readonly filename: string;
  readonly platform: Platform;
}

/** Finds the script and the context of a build, and reads the script. */
export async function readScript(gateway: Gateway, given: ReadScriptOptions): Promise<FoundScript> {
  let asked: Promise<ClientInputs> | undefined;
  const inputs = () => {
    asked ??= readClientInputs(gateway);
    return asked;
  };
  const context = { ...given, inputs };
  // Asked for at once, while the daemon says whether there are inputs, which hardly any client has.
  const likely = likelyContext(gateway, context);
  const early = likely && askEarly(likely, given);
  const main = await findMainContext(gateway, context, likely);
  const isLikely = main === likely;
  const found = await ((isLikely && early?.script) || findScript(main.filename ?? given.filename, main.scriptRoots));
  const directory = found.file.name.includes("/") ? found.file.name.replace(/\/[^/]*$/, "") : "";
  const script = { ...found.root, directory };
  const { openSources } = await import("./open-sources.ts");
  const { options, platform } = given;
  const ignoreFile = isLikely ? early?.ignoreFile : undefined;
  const sources = openSources(script, { gateway, options, platform, inputs, found, main, ignoreFile });
  return { file: found.file, vertex: found.vertex, origin: main.origin, sources, place: placeOf(found, main) };
}

/** A context that is the file itself is found by anyone. */
function placeOf({ file, root }: FoundFile, main: MainContext): Readonly<Record<string, string>> {
  if (main.filename !== undefined) return {};
  return { filename: file.name, ...(root.local !== undefined && { dockerfilekey: root.local }) };
}

/** What most builds need of the client's directories. Who does not need it does not hear of what is wrong with it. */
function askEarly({ root, scriptRoots }: MainContext, { options, filename }: ReadScriptOptions) {
  const script = findScript(filename, scriptRoots);
  script.catch(() => undefined);
  // A question about the script is answered without its context.
  const ignoreFile = options.has("requestid") ? undefined : readContextIgnore(root);
  ignoreFile?.catch(() => undefined);
  return { script, ignoreFile };
}
