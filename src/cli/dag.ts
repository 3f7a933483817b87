import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Target } from "../api/evaluation.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { decodeGraphs, type NamedDefinition } from "../graph/decode-graph.ts";
import type { GraphFormat } from "../graph/print-graph.ts";
import { printGraph } from "../graph/print-graph.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import { formatPlatform } from "../oci/platform.ts";
import { noBaseImages } from "../script/base-images.ts";
import { defineBuild } from "../script/define-build.ts";
import { type Command, flagValue, flagValues, type Input } from "./command.ts";
import { evaluateScript, printRemarks } from "./evaluate-script.ts";
import { settleOperand } from "./operand.ts";
import { readScript } from "./read-script.ts";
import { scriptFlags } from "./script-flags.ts";
import type { Terminal } from "./terminal.ts";

const formats: readonly GraphFormat[] = ["dot", "json", "text"];

export const dag: Command = {
  name: "dag",
  summary: "Show the graph of a script, or of a Definition (.pb), without a daemon and without the network.",
  operands: "[SCRIPT|FILE.pb]",
  maxOperands: 1,
  flags: {
    format: { type: "string", choices: formats, value: "FORMAT", doc: "what to print, by default dot" },
    filter: {
      type: "string",
      value: "KIND",
      repeatable: true,
      doc: "show only vertices of this kind: Exec, Source, File, Merge, Diff, Build",
    },
    output: { type: "string", short: "o", value: "FILE", doc: "write to FILE instead of stdout" },
    ...scriptFlags,
  },
  examples: [
    { command: "luakit dag --format text build.lua", doc: "Read the graph" },
    { command: "luakit dag build.lua | dot -Tsvg -o build.svg", doc: "Draw it with Graphviz" },
    { command: "luakit dag build.lua | grep cache", doc: "Find the cache mounts" },
    { command: "luakit dag --format json --filter Exec build.pb", doc: "The steps of a Definition, for tools" },
  ],
  async run(given, terminal) {
    const input = settleOperand(given, terminal);
    const graph = decodeGraphs(await readDefinitions(input, terminal));
    const format = formats.find((known) => known === flagValue(input, "format"));
    const text = printGraph(graph, { format, filters: flagValues(input, "filter") });
    const file = flagValue(input, "output");
    if (file === undefined) terminal.out(text);
    else writeFileSync(resolve(terminal.cwd, file), text);
    return 0;
  },
};

async function readDefinitions(input: Input, terminal: Terminal): Promise<NamedDefinition[]> {
  const [operand] = input.positionals;
  if (operand?.endsWith(".pb")) return [{ bytes: readDefinition(operand, terminal) }];
  const evaluated = await evaluateScript(input, terminal, readScript(operand, terminal));
  printRemarks(evaluated, terminal);
  const { targets, platform } = evaluated;
  return targets.map((target) => ({
    name: targets.length === 1 ? undefined : nameOf(target),
    bytes: encodeDefinition(defineBuild(target, platform, noBaseImages, { sketch: true })),
  }));
}

function nameOf({ name, platform }: Target): string | undefined {
  const parts = [name, platform === undefined ? undefined : formatPlatform(platform)];
  return parts.filter((part) => part !== undefined).join(" ") || undefined;
}

function readDefinition(name: string, { cwd }: Terminal): Uint8Array {
  try {
    return readFileSync(resolve(cwd, name));
  } catch (error) {
    throw new LuakitError("file.read", `cannot read "${name}"`, { cause: error });
  }
}
