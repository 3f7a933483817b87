import { LuakitError } from "../diagnostic/luakit-error.ts";
import { Definition } from "../gen/ops.ts";
import { messageLimit } from "../rpc/framing.ts";
import { type Codec, message } from "../wire/codec.ts";
import type { BuildSource } from "./build.ts";

/** What else a Solve call carries has fewer bytes than this. */
const besides = 1024 * 1024;

/**
 * Builds a Definition as it is; `noCache` runs each of its steps anew. Throws "graph.decode" for anything else, and for an
 * empty one: that is what a command that failed leaves in a pipe, and a daemon would make an empty image of it.
 */
export function solveDefinition(bytes: Uint8Array, noCache: boolean): BuildSource {
  if (bytes.length === 0) throw emptyDefinition();
  const encoded = noCache ? Definition.encode(withoutCache(parse(Definition, bytes))) : bytes;
  if (!noCache && !isPlain(bytes)) parse(Ops, bytes);
  // One that fills a message goes by itself, or is refused by itself.
  return encoded.length < messageLimit - besides ? encoded : (gateway) => gateway.solve(encoded);
}

/** Of a Definition only its ops, which is what tells it from other bytes. */
const Ops: Codec<Pick<Definition, "def">> = /* @__PURE__ */ message(() => [[1, "def", "bytes", "list"]]);

/** The tags of the fields that a Definition has: ops, metadata, sources. */
const opTag = 0x0a;
const metadataTag = 0x12;
const sourceTag = 0x1a;

/** Whether bytes are a Definition, told in one go; one that is written in an unusual way may be taken for none. */
function isPlain(bytes: Uint8Array): boolean {
  let hasOps = false;
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at++];
    if (tag === opTag) hasOps = true;
    else if (tag !== metadataTag && tag !== sourceTag) return false;
    let length = 0;
    let byte = 0x80;
    for (let scale = 1; byte >= 0x80; scale *= 128) {
      byte = bytes[at++] ?? 0;
      length += (byte & 0x7f) * scale;
    }
    at += length;
  }
  return hasOps && at === bytes.length;
}

function parse<T extends Pick<Definition, "def">>(codec: Codec<T>, bytes: Uint8Array): T {
  try {
    const definition = codec.decode(bytes);
    if (definition.def.length > 0) return definition;
  } catch (error) {
    throw notDefinition(error);
  }
  throw notDefinition(undefined);
}

function withoutCache(definition: Definition): Definition {
  const metadata = Object.entries(definition.metadata).map(([digest, op]) => [digest, { ...op, ignore_cache: true }]);
  return { ...definition, metadata: Object.fromEntries(metadata) };
}

function emptyDefinition(): LuakitError {
  return new LuakitError("graph.decode", "the Definition is empty: there is nothing to build", {
    hint: "see what the command said that was to write it; an empty result is built by luakit build --solve SCRIPT",
  });
}

function notDefinition(cause: unknown): LuakitError {
  return new LuakitError("graph.decode", "this is no Definition: BuildKit's protobuf is expected", {
    hint: "luakit build -o build.pb writes one",
    cause,
  });
}
