import { describe, expect, test } from "bun:test";
import {
  create,
  createFileRegistry,
  type DescField,
  type DescMessage,
  fromBinary,
  fromJson,
  type Message,
  ScalarType,
  toBinary,
} from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { Codec } from "../../src/wire/codec.ts";

const image = Bun.spawnSync(["node_modules/.bin/buf", "build", "-o", "-#format=json"]);
const registry = createFileRegistry(
  fromJson(FileDescriptorSetSchema, JSON.parse(image.stdout.toString()), { ignoreUnknownFields: true }),
);

const modules = await Promise.all(
  [...registry.files].map(async (file) => {
    const name =
      file.proto.package === "google.rpc" ? "rpc-status" : (file.name.split("/").at(-1) ?? "").replaceAll("_", "-");
    const module: Record<string, Codec<object>> = await import(`../../src/gen/${name}.ts`);
    return { file, module };
  }),
);

const cases = modules.flatMap(({ file, module }) =>
  file.messages.map((type) => ({ name: type.typeName, type, codec: module[type.name] })),
);

describe("messages are on the wire as protobuf-es puts them there", () => {
  test("every message of proto/ has a codec", () => {
    expect(cases.length).toBeGreaterThan(150);
    expect(cases.filter(({ codec }) => codec === undefined)).toEqual([]);
  });

  for (const { name, type, codec } of cases) {
    test(name, () => {
      if (codec === undefined) throw new Error("no codec");
      for (const seed of [0, 1, 2, 3]) {
        const sample = sampleOf(type, seed, 3);
        const bytes = toBinary(type, sample);
        const decoded = codec.decode(bytes);
        const again = codec.encode(decoded);
        expect(fromBinary(type, again)).toEqual(sample);
        expect(codec.decode(again)).toEqual(decoded);
      }
    });
  }
});

// A message with every field set; the seed chooses values and which member of each oneof.
function sampleOf(type: DescMessage, seed: number, depth: number): Message {
  const message = create(type);
  const fields = reflect(type, message);
  for (const [at, field] of type.fields.entries()) {
    if (field.oneof !== undefined && field.oneof.fields.indexOf(field) !== seed % field.oneof.fields.length) continue;
    const value = () => sampleValue(field, seed + at, depth);
    if (field.fieldKind === "list") {
      for (let count = 0; count < 1 + (seed % 3); count++) {
        const element = value();
        if (element !== undefined) fields.get(field).add(element);
      }
    } else if (field.fieldKind === "map") {
      const keys = field.mapKey === ScalarType.STRING ? ["", "a", "key"] : [0n, 1n, 300n];
      for (const key of keys.slice(0, 1 + (seed % 3))) {
        const entry = value();
        if (entry !== undefined) fields.get(field).set(key, entry);
      }
    } else {
      const single = value();
      if (single !== undefined) fields.set(field, single);
    }
  }
  return message;
}

function sampleValue(field: DescField, seed: number, depth: number) {
  if (field.message !== undefined)
    return depth === 0 ? undefined : reflect(field.message, sampleOf(field.message, seed, depth - 1));
  if (field.enum !== undefined) return field.enum.values[seed % field.enum.values.length]?.number ?? 0;
  switch (field.scalar) {
    case ScalarType.STRING:
      return ["x", "zwölf", "", "日本".repeat(99)][seed % 4];
    case ScalarType.BYTES:
      return new Uint8Array([[1], [], [255, 0, 10], [7]][seed % 4] ?? []);
    case ScalarType.BOOL:
      return seed % 2 === 0;
    case ScalarType.INT64:
      return [1n, -1n, -(2n ** 53n) + 1n, 2n ** 53n - 1n][seed % 4];
    case ScalarType.UINT64:
      return [1n, 127n, 2n ** 40n, 2n ** 53n - 1n][seed % 4];
    case ScalarType.INT32:
      return [1, -1, -(2 ** 31), 2 ** 31 - 1][seed % 4];
    case ScalarType.UINT32:
      return [1, 300, 2 ** 31, 2 ** 32 - 1][seed % 4];
    default:
      throw new Error(`no sample for ${field.name}`);
  }
}
