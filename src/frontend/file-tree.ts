import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { Definition } from "../llb/definition.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import type { State } from "../llb/state.ts";
import type { Platform } from "../oci/platform.ts";
import { statusCode, statusOf } from "../rpc/status.ts";

/** A file, or what is not there: the file, or the directory of the client that it would be in. */
export type FileAnswer = Uint8Array | "no file" | "no directory";

/** Makes the Definition of a State for the daemon that builds. */
export type MarshalFiles = (
  state: State,
  options: { readonly platform: Platform; readonly localUniqueId: string },
) => Definition | Promise<Definition>;

/** Files of a State, which the daemon reads. Nothing is fetched before the first one. */
export class FileTree {
  readonly #gateway: Gateway;
  readonly #platform: Platform;
  readonly #marshal: MarshalFiles;
  readonly #states: readonly State[];
  /** Of the states that were asked for. */
  readonly #references: Promise<string | undefined>[] = [];
  #vertex = "";

  /** `state`; of directories that may not be there also another one with the same files, see `#read`. */
  constructor(
    gateway: Gateway,
    platform: Platform,
    marshal: MarshalFiles,
    ...states: readonly [state: State, again?: State]
  ) {
    this.#gateway = gateway;
    this.#platform = platform;
    this.#marshal = marshal;
    this.#states = states.filter((state) => state !== undefined);
  }

  /** A file, or its first `length` bytes. Links are followed within the tree. */
  read(path: string, length?: number): Promise<FileAnswer> {
    return this.#read(path, length, 0);
  }

  /** The digest of the vertex whose files these are, once one was read. */
  get vertex(): string {
    return this.#vertex;
  }

  // The daemon hears "no access allowed to dir" and, as the call is over then, that it was cancelled; on a busy machine it
  // sometimes tells the second. It keeps that answer for the build, under the source's cache key, so one with another key
  // has to ask again.
  async #read(path: string, length: number | undefined, attempt: number): Promise<FileAnswer> {
    this.#references[attempt] ??= this.#solve(this.#states[attempt]);
    try {
      const reference = await this.#references[attempt];
      return reference === undefined ? "no file" : await this.#gateway.readFile(reference, path, length);
    } catch (error) {
      if (attempt + 1 < this.#states.length && isCancelled(error)) return this.#read(path, length, attempt + 1);
      const missing = whatIsMissing(error);
      if (missing !== undefined) return missing;
      throw isTooLarge(error) ? new LuakitError("script.limit", `"${path}" is larger than 16 MiB`) : error;
    }
  }

  async #solve(state: State | undefined): Promise<string | undefined> {
    if (state?.output === undefined) return undefined;
    const options = { platform: this.#platform, localUniqueId: this.#gateway.sessionId };
    const made = this.#marshal(state, options);
    // The question has to leave before anything else is loaded.
    const definition = made instanceof Promise ? await made : made;
    this.#vertex = definition.result?.op.digest ?? "";
    const { reference } = await this.#gateway.solve(encodeDefinition(definition));
    return reference?.id;
  }
}

// The daemon has no codes for these. Clients say the first two, of which the second has no directories at all.
function whatIsMissing(error: unknown): "no file" | "no directory" | undefined {
  const text = error instanceof Error ? error.message : "";
  if (/no access allowed to dir|no local sources enabled/.test(text)) return "no directory";
  if (/no such file or directory|not a directory|is not a regular file|is a directory/.test(text)) return "no file";
  return undefined;
}

/** That is the daemon's word; calls that we cancel ourselves end with another. */
function isCancelled(error: unknown): boolean {
  return error instanceof Error && error.message.endsWith("context canceled");
}

/** In the words of gRPC, the daemon's or ours: the code alone may also mean a full disk. */
function isTooLarge(error: unknown): boolean {
  const status = statusOf(error);
  return status?.code === statusCode.resourceExhausted && /message larger than|message received/.test(status.message);
}
