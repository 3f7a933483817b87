import { describe, expect, test } from "bun:test";
import { apiFunctions, apiHandles } from "../../src/api/api.ts";
import type { ApiFunction } from "../../src/api/define.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { marshal } from "../../src/llb/marshal.ts";
import type { State } from "../../src/llb/state.ts";
import type { Vertex } from "../../src/llb/vertex.ts";
import type { Field, Kind } from "../../src/lua/kind.ts";
import { errorOf, evaluate, targetOf } from "./evaluate.ts";
import { mistakes } from "./mistakes.ts";
import { optionCases } from "./options.ts";

/** Options that exist to be refused. */
const refused = ["bk.http.username", "bk.http.password", "bk.https.username", "bk.https.password"];

/** Functions and options that change something else than the Definition, or only with a daemon's or client's help. */
const unwritten = new Set([
  ...["bk.export", "bk.target", "bk.arg", "bk.image.resolve_digest", "bk.local_.ignore_file"],
  // Its paths have no variables there.
  "state:copy.expand",
]);

describe("every function", () => {
  test.each(apiFunctions.map(({ name, example }) => [name, example]))("%s has an example that runs", (_, example) => {
    const { targets } = evaluate(
      /bk\.(export|target)\(/.test(example) ? example : `${example}\nbk.export(bk.scratch())`,
    );
    expect(targets.length).toBeGreaterThan(0);
    for (const { state } of targets) expect(() => definitionOf(state)).not.toThrow();
  });

  test.each(apiFunctions.map((each) => [each.name, each] as const))("%s is described", (_, each) => {
    for (const text of [each.doc, ...each.params.map((param) => param.doc ?? "Options."), ...docsOf(each)]) {
      expect(text).toMatch(/[.:;)`}]$/);
    }
    expect(new Set(each.params.map(({ name }) => name)).size).toBe(each.params.length);
  });

  test("has its own name", () => {
    const names = apiFunctions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(apiHandles.map(({ name }) => name)).size).toBe(apiHandles.length);
  });

  test("has a case for each of its options", () => {
    const known = apiFunctions.flatMap((each) => [...optionsOf(each).keys()].map((key) => `${each.name}.${key}`));
    const tried = Object.entries(optionCases).flatMap(([name, { options }]) =>
      Object.keys(options).map((key) => `${name}.${key}`),
    );
    expect([...tried, ...refused].sort()).toEqual(known.sort());
  });
});

describe("every option", () => {
  for (const [name, { call, options }] of Object.entries(optionCases)) {
    for (const [key, [value, expected]] of Object.entries(options)) {
      test(`${name} ${key}`, () => {
        const script = call.replace("OPTIONS", () => `{${key} = ${value}}`);
        expect(probe(script)).toMatchObject(expected);
        if (unwritten.has(name) || unwritten.has(`${name}.${key}`)) return;
        const without = call.replace(":with_metadata(OPTIONS)", "").replace("OPTIONS", "{}");
        expect(definitionOf(targetOf(script).state)).not.toEqual(definitionOf(targetOf(without).state));
      });
    }
  }
});

describe("every mistake", () => {
  test.each(mistakes.map((mistake) => [mistake.name, mistake] as const))("%s", (_, mistake) => {
    const { code, position, message, hint } = errorOf(mistake.script);
    expect({ code, line: position?.line, message, hint }).toEqual({
      code: mistake.code,
      line: mistake.line,
      message: mistake.message,
      hint: mistake.hint,
    });
  });

  test("is told apart from others", () => {
    expect(mistakes.length).toBeGreaterThan(60);
    expect(new Set(mistakes.map(({ name }) => name)).size).toBe(mistakes.length);
  });
});

function definitionOf(state: State): Uint8Array {
  return encodeDefinition(marshal(state, { platform: { os: "linux", architecture: "arm64" }, sketch: true }));
}

/** What came out of a script, with all that an option may have touched at the top. */
function probe(script: string): object {
  const { targets, evaluation } = evaluate(script, { ignorePatterns: () => ["ignored"] });
  const [target] = targets;
  const vertex = target?.state.exec ?? target?.state.output?.vertex;
  const { arguments: declared, targets: names } = evaluation;
  const outcome = { config: target?.config, arguments: declared, targets: names };
  return vertex === undefined ? outcome : { ...outcome, ...probeVertex(vertex) };
}

function probeVertex({ op, platform, metadata }: Vertex): object {
  const description = Object.fromEntries(metadata?.description ?? []);
  const common = { ...op, platform, metadata, description };
  if (op.type === "source") return { ...common, attributes: Object.fromEntries(op.attributes) };
  if (op.type === "file") return { ...common, action: op.actions[0] };
  if (op.type === "frontend")
    return { ...common, options: Object.fromEntries(op.options), inputs: [...op.inputs.keys()] };
  if (op.type !== "exec") return common;
  const [mount] = op.mounts;
  const source = mount?.type === "cache" ? mount.source.output?.vertex.op : undefined;
  return { ...common, mount, cacheAction: source?.type === "file" ? source.actions[0] : undefined };
}

function optionsOf(each: ApiFunction): ReadonlyMap<string, Field> {
  const fields = each.params
    .filter(({ name }) => name === "opts" || name === "config")
    .flatMap(({ kind }) => fieldsOf(kind));
  return new Map(fields);
}

function fieldsOf(kind: Kind<unknown>): readonly (readonly [string, Field])[] {
  return [...Object.entries(kind.fields ?? {}), ...(kind.parts ?? []).flatMap(fieldsOf)];
}

function docsOf(each: ApiFunction): readonly string[] {
  return each.params.flatMap(({ kind }) => fieldsOf(kind)).map(([, field]) => field.doc);
}
