import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import { marshal } from "../llb/marshal.ts";
import type { State } from "../llb/state.ts";
import type { Platform } from "../oci/platform.ts";
import { statusCode, statusOf } from "../rpc/status.ts";

/** A file, or what is not there: the file, or the directory of the client that it would be in. */
export type FileAnswer = Uint8Array | "no file" | "no directory";

/** Files of a State, which the daemon reads. Nothing is fetched before the first one. */
export class FileTree {
  readonly #gateway: Gateway;
  readonly #platform: Platform;
  readonly #state: State;
  #reference: Promise<string | undefined> | undefined;
  #vertex = "";

  constructor(gateway: Gateway, platform: Platform, state: State) {
    this.#gateway = gateway;
    this.#platform = platform;
    this.#state = state;
  }

  /** A file, or its first `length` bytes. Links are followed within the tree. */
  async read(path: string, length?: number): Promise<FileAnswer> {
    this.#reference ??= this.#solve();
    const reference = await this.#reference;
    if (reference === undefined) return "no file";
    try {
      return await this.#gateway.readFile(reference, path, length);
    } catch (error) {
      const missing = whatIsMissing(error);
      if (missing !== undefined) return missing;
      throw isTooLarge(error) ? new LuakitError("script.limit", `"${path}" is larger than 16 MiB`) : error;
    }
  }

  /** The digest of the vertex whose files these are, once one was read. */
  get vertex(): string {
    return this.#vertex;
  }

  async #solve(): Promise<string | undefined> {
    if (this.#state.output === undefined) return undefined;
    const definition = marshal(this.#state, { platform: this.#platform, localUniqueId: this.#gateway.sessionId });
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

function isTooLarge(error: unknown): boolean {
  return statusOf(error)?.code === statusCode.resourceExhausted;
}
