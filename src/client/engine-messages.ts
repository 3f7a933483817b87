import { isObject, type JsonObject, parseObject, textMember } from "../image/json.ts";
import type { ClientVertex } from "../progress/client-vertex.ts";

/** More than an engine says in one message by far; what is longer is no message. */
const longest = 1024 * 1024;

/** Reads the messages of a Docker Engine at work, lines of JSON, and shows layers as parts of a vertex. */
export class EngineMessages {
  /** What went wrong: an engine says so in its messages, whatever the status. */
  error: string | undefined;
  /** What it says to a request that it refuses. */
  message: string | undefined;
  /** The digest of what was pushed. */
  digest: string | undefined;
  readonly #vertex: ClientVertex;
  readonly #decoder = new TextDecoder();
  #rest = "";

  constructor(vertex: ClientVertex) {
    this.#vertex = vertex;
  }

  push(piece: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(piece, { stream: true })).split("\n");
    this.#rest = lines.at(-1) ?? "";
    for (const line of lines) this.#read(parseObject(line) ?? {});
    if (this.#rest.length > longest) this.#rest = "";
  }

  #read(message: JsonObject): void {
    this.error ??= textMember(message, "error");
    this.message ??= textMember(message, "message");
    if (isObject(message.aux)) this.digest = textMember(message.aux, "Digest") ?? this.digest;
    const layer = textMember(message, "id");
    if (layer === undefined) return;
    const { progressDetail: detail } = message;
    const [current, total] = isObject(detail) ? [detail.current, detail.total] : [];
    if (typeof current !== "number") return;
    this.#vertex.status(layer, { current, ...(typeof total === "number" && { total }) });
  }
}
