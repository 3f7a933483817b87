import { basename, extname, resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { decodeGraphs } from "../graph/decode-graph.ts";
import type { Graph } from "../graph/graph.ts";
import { type GraphFormat, keepKinds, printGraph } from "../graph/print-graph.ts";
import type { Timings } from "../graph/timings.ts";
import { type Command, flagValue, flagValues, type Input } from "./command.ts";
import { readDefinitions } from "./dag-definitions.ts";
import { settleOperand } from "./operand.ts";
import { scriptFlags } from "./script-flags.ts";
import type { Terminal } from "./terminal.ts";
import { writeOutput } from "./write-output.ts";

type Format = GraphFormat | "svg" | "html";

const formats: readonly Format[] = ["dot", "json", "text", "mermaid", "svg", "html"];

/** What the name of a file says about what is to be in it. */
const extensions: Readonly<Record<string, Format>> = {
  ".dot": "dot",
  ".gv": "dot",
  ".json": "json",
  ".txt": "text",
  ".mmd": "mermaid",
  ".mermaid": "mermaid",
  ".svg": "svg",
  ".html": "html",
  ".htm": "html",
};

export const dag: Command = {
  name: "dag",
  summary: "Show the graph of a script, or of a Definition (.pb), without a daemon and without the network.",
  operands: "[SCRIPT|FILE.pb]",
  maxOperands: 1,
  flags: {
    format: {
      type: "string",
      choices: formats,
      value: "FORMAT",
      doc: "what to print, by default what the name of the output says, else dot",
    },
    filter: {
      type: "string",
      value: "KIND",
      repeatable: true,
      doc: "show only vertices of this kind: Exec, Source, File, Merge, Diff, Build",
    },
    output: { type: "string", short: "o", value: "FILE", doc: "write to FILE; without it, or with -, to stdout" },
    trace: { type: "string", value: "FILE", doc: "html and svg: show how long steps took, from the trace of a build" },
    ...scriptFlags,
    platform: {
      ...scriptFlags.platform,
      doc: "platform to show, several with commas; default: this machine's, on Linux",
    },
    target: { ...scriptFlags.target, repeatable: true, doc: "the target to show, of a script with several" },
  },
  examples: [
    { command: "luakit dag --format text build.lua", doc: "Read the graph" },
    { command: "luakit dag -o build.html build.lua", doc: "A page to look around in" },
    { command: "luakit dag -o build.svg build.lua", doc: "A drawing" },
    { command: "luakit dag build.lua | dot -Tpdf -o build.pdf", doc: "Draw it with Graphviz" },
    { command: "luakit dag build.lua | grep cache", doc: "Find the cache mounts" },
    { command: "luakit dag -o build.svg --platform linux/amd64,linux/arm64", doc: "Several platforms in one drawing" },
    { command: "luakit dag --format json --filter Exec build.pb", doc: "The steps of a Definition, for tools" },
  ],
  async run(given, terminal) {
    const input = settleOperand(given, terminal);
    const file = flagValue(input, "output");
    const format = formatOf(input, file);
    const whole = decodeGraphs(await readDefinitions(input, terminal));
    const timings = await readTimings(input, whole, format, terminal);
    const graph = keepKinds(whole, flagValues(input, "filter"));
    const text = await print(graph, format, timings, titleOf(input));
    writeOutput(file, text, terminal);
    return 0;
  },
};

function formatOf(input: Input, file: string | undefined): Format {
  const asked = formats.find((known) => known === flagValue(input, "format"));
  return asked ?? extensions[extname(file ?? "").toLowerCase()] ?? "dot";
}

/** Drawings are loaded only when they are asked for. */
async function print(graph: Graph, format: Format, timings: Timings | undefined, title: string): Promise<string> {
  if (format === "svg") return (await import("../graph/svg.ts")).printSvg(graph, timings);
  if (format === "html") return (await import("../graph/page/print-page.ts")).printPage(graph, { title, timings });
  return printGraph(graph, { format });
}

/** The times of a build, found for the whole graph: a filter takes no time out of it. */
async function readTimings(
  input: Input,
  graph: Graph,
  format: Format,
  { cwd, error }: Terminal,
): Promise<Timings | undefined> {
  const name = flagValue(input, "trace");
  if (name === undefined) return undefined;
  if (format !== "svg" && format !== "html") {
    throw new LuakitError("usage", `--trace: ${format} shows no times`, { hint: "--format html or --format svg does" });
  }
  const { readRuns } = await import("./trace-runs.ts");
  const { timingsOf } = await import("../graph/timings.ts");
  const timings = timingsOf(graph, readRuns(resolve(cwd, name), name));
  if (timings.matched.runs.size === 0)
    error(`warning: "${name}" has no vertex of this graph: it is of another build\n`);
  return timings;
}

function titleOf({ positionals: [operand] }: Input): string {
  if (operand === "-") return "stdin";
  return operand === undefined ? "build.lua" : basename(operand);
}
