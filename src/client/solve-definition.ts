import { LuakitError } from "../diagnostic/luakit-error.ts";
import { Definition } from "../gen/ops.ts";
import { type Codec, message } from "../wire/codec.ts";
import type { BuildFunction } from "./build.ts";

/** Builds a Definition as it is; `noCache` runs each of its steps anew. Throws "graph.decode" for anything else. */
export function solveDefinition(bytes: Uint8Array, noCache: boolean): BuildFunction {
  const encoded = noCache ? Definition.encode(withoutCache(parse(Definition, bytes))) : bytes;
  if (!noCache) parse(Ops, bytes);
  return (gateway) => gateway.solve(encoded);
}

/** Of a Definition only its ops, which is what tells it from other bytes. */
const Ops: Codec<Pick<Definition, "def">> = /* @__PURE__ */ message(() => [[1, "def", "bytes", "list"]]);

function parse<T extends Pick<Definition, "def">>(codec: Codec<T>, bytes: Uint8Array): T {
  try {
    const definition = codec.decode(bytes);
    if (definition.def.length > 0 || bytes.length === 0) return definition;
  } catch (error) {
    throw notDefinition(error);
  }
  throw notDefinition(undefined);
}

function withoutCache(definition: Definition): Definition {
  const metadata = Object.entries(definition.metadata).map(([digest, op]) => [digest, { ...op, ignore_cache: true }]);
  return { ...definition, metadata: Object.fromEntries(metadata) };
}

function notDefinition(cause: unknown): LuakitError {
  return new LuakitError("graph.decode", "this is no Definition: BuildKit's protobuf is expected", {
    hint: "luakit build -o build.pb writes one",
    cause,
  });
}
