import { LuakitError } from "../diagnostic/luakit-error.ts";
import { Definition } from "../gen/ops.ts";
import type { BuildFunction } from "./build.ts";

/** Builds a Definition as it is; `noCache` runs each of its steps anew. Throws "graph.decode" for anything else. */
export function solveDefinition(bytes: Uint8Array, noCache: boolean): BuildFunction {
  const definition = parse(bytes);
  const encoded = noCache ? Definition.encode(withoutCache(definition)) : bytes;
  return (gateway) => gateway.solve(encoded);
}

function parse(bytes: Uint8Array): Definition {
  try {
    const definition = Definition.decode(bytes);
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
