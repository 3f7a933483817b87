import { parse } from "luaparse";
import { annotationAttributesOf } from "../../../../src/client/annotation-flag.ts";
import { parseAttestations } from "../../../../src/client/attest.ts";
import { parseCacheExports, parseCacheImports } from "../../../../src/client/cache.ts";
import { formatCsv, parseCsv } from "../../../../src/client/csv.ts";
import { parseHistoryFilter } from "../../../../src/client/history-filter.ts";
import { parseOutput } from "../../../../src/client/output.ts";
import { parseRegistryTls } from "../../../../src/client/registry-tls.ts";
import { parseSecrets } from "../../../../src/client/secret-flag.ts";
import { parseSsh } from "../../../../src/client/ssh-flag.ts";
import { parseUsageFilter } from "../../../../src/client/usage-filter.ts";
import { convertDockerfile } from "../../../../src/convert/convert-dockerfile.ts";
import { printExcerpt } from "../../../../src/diagnostic/excerpt.ts";
import { LuakitError } from "../../../../src/diagnostic/luakit-error.ts";
import { expandWord } from "../../../../src/expand/expand.ts";
import { parseWord } from "../../../../src/expand/word.ts";
import { isArchive } from "../../../../src/frontend/archive-header.ts";
import { decodeGraph } from "../../../../src/graph/decode-graph.ts";
import { printGraph } from "../../../../src/graph/print-graph.ts";
import { parseShell, programOf } from "../../../../src/lint/shell.ts";
import { keepColors, oneLine, stripControls } from "../../../../src/progress/harmless.ts";
import { parseAddress, parseDockerHost } from "../../../../src/rpc/address.ts";
import { nowhere } from "../../../client/flags.ts";
import { comparisons } from "../comparisons.ts";
import { type Random, textOf } from "../driver/choose.ts";
import type { Target } from "../driver/fuzz.ts";
import { tolerate } from "../driver/tolerate.ts";

const words = [
  "type=",
  "local",
  "oci",
  "image",
  "registry",
  "dest=",
  "out",
  "name=",
  "a,b",
  '"',
  ",",
  "=",
  "push=true",
  "id=",
  "src=",
  "env=",
  "mode=max",
  "compression=zstd",
  "ref=",
  "annotation.",
  "index:",
  "[linux/amd64]",
  "x=y",
  "default",
  "\0",
  "é",
  "duration=",
  "1h",
  "~=",
  ">",
  "unused-for=",
  "tcp://",
  "unix://",
  "docker-container://",
  "ssh://",
  "@",
  ":",
  "[::1]",
  "/",
  "?",
];

const flagReaders: Readonly<Record<string, (text: string) => unknown>> = {
  output: (text) => parseOutput(text, nowhere),
  "cache-to": (text) => parseCacheExports([text], nowhere),
  "cache-from": (text) => parseCacheImports([text], nowhere),
  secret: (text) => parseSecrets([text], nowhere),
  ssh: (text) => parseSsh([text], nowhere),
  annotation: (text) => annotationAttributesOf([text]),
  attest: (text) => parseAttestations({ attest: [text], sbom: undefined, provenance: undefined }),
  registry: (text) => parseRegistryTls([text], nowhere),
  history: parseHistoryFilter,
  usage: (text) => parseUsageFilter([text]),
  addr: parseAddress,
  host: parseDockerHost,
  csv: (text) => {
    const fields = parseCsv("flag", text);
    if (formatCsv(fields) !== "" && !Bun.deepEquals(parseCsv("flag", formatCsv(fields)), fields))
      throw new TypeError("fields that change on their way");
  },
};

const flags: Target = {
  kind: "flag-values",
  seeds: [
    "type=local,dest=out",
    "type=registry,ref=a/b:c,mode=max",
    "id=a,src=b",
    "default=/tmp/x",
    "index:a=b",
    "duration>1h",
    "tcp://host:1234",
    "ssh://u@h:22/run/x",
  ],
  dictionary: words,
  generate: (random) => textOf(random, 8, words),
  run: (bytes) =>
    Object.values(flagReaders)
      .map((read) => tolerate(() => read(Buffer.from(bytes).toString()), LuakitError))
      .join(),
};

function comparison(kind: string): {
  readonly seeds: readonly (string | Uint8Array)[];
  readonly generate: (random: Random) => string | Uint8Array;
  readonly dictionary: readonly string[];
} {
  const found = comparisons.find((each) => each.kind === kind);
  return { seeds: found?.seeds ?? [""], generate: found?.generate ?? (() => ""), dictionary: found?.dictionary ?? [] };
}

const dockerfiles: Target = {
  kind: "dockerfile-to-script",
  ...comparison("dockerfile"),
  short: 150,
  run: (bytes) => {
    let script = "";
    const outcome = tolerate(() => {
      script = convertDockerfile(Buffer.from(bytes).toString(), { name: "Dockerfile" }).script;
    }, LuakitError);
    // What comes out is Lua, whatever went in.
    if (outcome === "fine") parse(script, { luaVersion: "5.3" });
    return outcome;
  },
};

const expanding: Target = {
  kind: "expand-word",
  ...comparison("expand"),
  run: (bytes) =>
    tolerate(
      () =>
        expandWord(parseWord(Buffer.from(bytes).toString()), (name) =>
          name === "NO" ? undefined : "a*b?c".repeat(50),
        ),
      LuakitError,
    ),
};

const shell: Target = {
  kind: "shell-commands",
  seeds: [
    "apt-get update && apt-get install -y a | cat > b",
    "for i in a b; do echo $i; done",
    "cat <<EOF\nx\nEOF\n",
    "A=b env -i sudo -u x y",
  ],
  dictionary: [
    "&&",
    "||",
    "|",
    ";",
    "\n",
    "$(",
    ")",
    "`",
    "'",
    '"',
    "\\",
    "<<EOF",
    "EOF\n",
    "if ",
    "then ",
    "fi",
    "{",
    "}",
    "${",
    "sudo ",
  ],
  run: (bytes) => String(parseShell(Buffer.from(bytes).toString()).map((each) => programOf(each).name).length),
};

const excerpts: Target = {
  kind: "excerpt",
  seeds: ['bk.image(\n  "a"\n)\nbk.run()\n', "x".repeat(500)],
  dictionary: ["\n", "\t", "\u001b[2J", "\u0000", "é", "😀", "\u202e"],
  run: (bytes) => {
    const source = Buffer.from(bytes).toString();
    const [line = 1, column = 1, endColumn = 1] = bytes;
    const lines = [
      ...printExcerpt({ file: "a", line, source }, ["run"]),
      ...printExcerpt({ file: "a", line: 1, column, endColumn, source }),
    ];
    if (lines.join("").length > 500 + 20 * source.length) throw new TypeError("a long excerpt");
    return String(lines.length);
  },
};

const colors = new RegExp(`${"\\u001b"}\\[[0-9;:]*m`, "g");

const controls: Target = {
  kind: "control-characters",
  seeds: ["plain\n", "\u001b[31mred\u001b[0m", "\u001b]0;title\u0007x", "\u009b2J", "\u001bPq\u001b\\"],
  dictionary: ["\u001b", "[", "]", "\u009b", "\u009d", "\u0007", "\u001b\\", "m", "0;", "\u202e", "\r", "\b", "\u0090"],
  generate: (random) =>
    textOf(random, 30, [
      "\u001b",
      "[",
      "]",
      "\u009b",
      "\u009d",
      "\u0007",
      "\\",
      "m",
      "0",
      ";",
      "\u202e",
      "a",
      "\n",
      " ",
      "(",
      "\u0090",
      "\u0018",
    ]),
  run: (bytes) => {
    const text = Buffer.from(bytes).toString();
    if (/[^\P{Cc}\t\n]|\p{Bidi_Control}/u.test(stripControls(text))) throw new TypeError("a control character is left");
    const kept = keepColors(text).replaceAll(colors, "");
    if (/[^\P{Cc}\t\n]/u.test(kept)) throw new TypeError("more than colours are left");
    if (oneLine(text).includes("\n")) throw new TypeError("it is not one line");
    return String(stripControls(text) === text);
  },
};

const graphs: Target = {
  kind: "definition",
  seeds: [new Uint8Array(await Bun.file(new URL("../seeds/definition.pb", import.meta.url)).arrayBuffer())],
  short: 150,
  run: (bytes) => {
    const outcome = tolerate(() => {
      const graph = decodeGraph(bytes);
      for (const format of ["text", "json", "dot", "mermaid"] as const) {
        const text = printGraph(graph, { format });
        if (/[^\P{Cc}\t\n]/u.test(text)) throw new TypeError(`a control character in ${format}`);
      }
    }, LuakitError);
    return `${outcome} ${isArchive(bytes)}`;
  },
};

/** What people, scripts and steps write. */
export const textTargets: readonly Target[] = [flags, dockerfiles, expanding, shell, excerpts, controls, graphs];
