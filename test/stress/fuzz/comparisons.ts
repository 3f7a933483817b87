import { posix } from "node:path";
import { parseCsv } from "../../../src/client/csv.ts";
import { convertDockerfile } from "../../../src/convert/convert-dockerfile.ts";
import { parseInstruction } from "../../../src/convert/instruction.ts";
import { type SourceInstruction, splitLines } from "../../../src/convert/source-lines.ts";
import { LuakitError } from "../../../src/diagnostic/luakit-error.ts";
import { expandWord } from "../../../src/expand/expand.ts";
import { parseWord } from "../../../src/expand/word.ts";
import { HeaderDecoder } from "../../../src/h2/header-decoder.ts";
import { HeaderEncoder } from "../../../src/h2/header-encoder.ts";
import { parseDuration } from "../../../src/image/duration.ts";
import { parseReference } from "../../../src/image/reference.ts";
import { parseGitUrl } from "../../../src/llb/git-url.ts";
import { formatPlatform, parsePlatform } from "../../../src/oci/platform.ts";
import { parseIgnorePatterns } from "../../../src/script/ignore-file.ts";
import { many, oneIn, pick, type Random, textOf } from "./driver/choose.ts";
import type { Comparison } from "./driver/compare.ts";
import { cutParts, joinParts } from "./driver/parts.ts";
import { tolerate } from "./driver/tolerate.ts";

const hex = "0123456789abcdef";
const digest = `sha256:${hex.repeat(4)}`;

const reference: Comparison = {
  kind: "reference",
  seeds: [
    "alpine",
    "docker.io/library/alpine:3.20",
    `ghcr.io/a/b_c.d-e__f@${digest}`,
    "localhost:5000/x:y",
    "[::1]:5000/a",
  ],
  dictionary: [
    "docker.io",
    "index.docker.io/",
    "library/",
    "localhost",
    ":",
    "@",
    "/",
    digest,
    "sha512:",
    hex.repeat(4),
    "--",
    "__",
    "._",
  ],
  generate: (random) =>
    textOf(random, 7, [
      "a",
      "B",
      "lib",
      "docker.io",
      "index.docker.io",
      "library",
      "localhost",
      "/",
      "/",
      ":",
      ":80",
      "@",
      ".",
      "_",
      "__",
      "-",
      digest,
      hex.repeat(4),
      "[::1]",
      "é",
      "7",
    ]),
  ours: (input) => {
    const { domain, path, tag, digest } = parseReference(textOfBytes(input));
    return JSON.parse(JSON.stringify({ domain, path, tag, digest }));
  },
  // Names that are too long for any registry, ports that no host has, and names that Go takes for some without a registry.
  differs: (text, { ours, theirs }) =>
    ours.error !== undefined &&
    (text.length > 1024 || ours.error.includes("is out of range") || Object(theirs.value).domain === ""),
};

const platform: Comparison = {
  kind: "platform",
  seeds: ["linux/amd64", "linux/arm/v7", "linux/arm64/v8", "windows/amd64", "darwin/aarch64", "linux/x86_64/v1"],
  dictionary: ["linux", "/", "arm", "v8", "amd64", "armhf", "armel", "i386", "macos", "8", "9.0", "v2"],
  generate: (random) =>
    many(random, 4, () =>
      textOf(random, 2, [
        "linux",
        "Linux",
        "macos",
        "darwin",
        "arm",
        "arm64",
        "amd64",
        "x86-64",
        "armhf",
        "armel",
        "i386",
        "v",
        "1",
        "5",
        "7",
        "8",
        "9.0",
        "v9.0",
        "_",
        "-",
        " ",
      ]),
    ).join("/"),
  ours: (input) => formatPlatform(parsePlatform(textOfBytes(input))),
  // Half a platform, and the version of Windows behind it, are for the daemon's host to know. Go joins the parts as a path,
  // in which dots are none.
  differs: (text, { ours }) =>
    (ours.error !== undefined && (!text.includes("/") || text.includes("("))) || /(?:^|\/)\.+(?:\/|$)/.test(text),
};

const duration: Comparison = {
  kind: "duration",
  seeds: ["0", "1s", "1m30s", "1.5h", "-500ms", "+1us", "1µs", "1μs", ".5s", "1.s"],
  dictionary: ["ns", "us", "µs", "ms", "s", "m", "h", ".", "-", "+", "9999999999", "0.000000001"],
  generate: (random) =>
    textOf(random, 6, ["1", "0", "30", "999999", ".", "s", "m", "h", "ms", "ns", "us", "µs", "-", "+", " "]),
  ours: (input) => parseDuration(textOfBytes(input)),
  // By a nanosecond; beyond a hundred days, which are 2^53 of them, by what a number can tell apart.
  differs: (_, { ours, theirs }) =>
    ours.error?.includes("is too long") === true ||
    (typeof ours.value === "number" &&
      typeof theirs.value === "number" &&
      Math.abs(ours.value - theirs.value) <= 1 + Math.abs(theirs.value) / 2 ** 50),
};

const csv: Comparison = {
  kind: "csv",
  seeds: ["a", "type=local,dest=out", '"name=a,b",push=true', '"a""b"', ",,", "a\n", "a\r\n"],
  dictionary: ['"', '""', ",", "\n", "\r\n", '",', ',"'],
  generate: (random) => textOf(random, 10, ['"', '"', '""', ",", ",", "a", "b=c", " ", "\n", "\r", "é"]),
  ours: (input) => parseCsv("flag", textOfBytes(input)),
};

const ignore: Comparison = {
  kind: "ignore",
  seeds: ["a\n", "# no\n*\n!keep/**\n", "/a/../b/\n ! /c \n", "\ufeffa\r\nb\r\n", "!\n", "//a\n", "..\n/\n"],
  dictionary: ["!", "#", "\n", "\r\n", "/", "**", "../", "./", " ", "\ufeff", "\u00a0", "\u0085", "\\"],
  generate: (random) =>
    textOf(random, 14, [
      "a",
      "b",
      "*",
      "**",
      "!",
      "#",
      "/",
      "/",
      ".",
      "..",
      "\n",
      "\n",
      "\r\n",
      " ",
      "\t",
      "\\",
      "[a-c]",
      "?",
      "\u00a0",
      "\u0085",
      "\u200b",
      "\v",
    ]),
  ours: (input) => parseIgnorePatterns(textOfBytes(input)),
  differs: (text) => otherSpaces.test(text),
};

const gitUrl: Comparison = {
  kind: "git-url",
  seeds: [
    "https://github.com/moby/buildkit.git",
    "https://github.com/moby/buildkit.git#main:sub/dir",
    "git@github.com:moby/buildkit.git#v1",
    "ssh://git@host:22/path",
    "git://host/p%20q#ref:a/../b",
  ],
  dictionary: ["https://", "ssh://", "git://", "#", ":", "@", "/", "..", "%20", "%", "%2f", "[::1]", "é", " "],
  generate: (random) =>
    pick(random, ["https://", "http://", "ssh://", "git://", "git@", ""]) +
    textOf(random, 9, [
      "host",
      "a.b",
      ":22",
      ":",
      "@",
      "/",
      "/",
      "p",
      "..",
      "%20",
      "%zz",
      "%2F",
      "é",
      " ",
      "#",
      "ref",
      "-",
      "~",
      "(",
      "'",
      "!",
      "+",
      "&",
      "=",
      "[",
      "*",
      ";",
      ",",
      "$",
    ]),
  ours: (input) => {
    const { place, remote, ref, subdir } = parseGitUrl(textOfBytes(input));
    return { place, remote, ref, subdir };
  },
  isSame: (ours, theirs) => {
    const { host, path, remote, ref, subdir } = Object(theirs);
    return Bun.deepEquals(ours, { place: host + posix.join("/", path).replace(/(.)\/$/, "$1"), remote, ref, subdir });
  },
  // We refuse what no host and no ref can be called, and passwords. What names no protocol is https for us.
  differs: (text, { ours }) => ours.error !== undefined || !/^\w+:\/\//.test(text),
};

const expand: Comparison = {
  kind: "expand",
  seeds: [
    "$A",
    "${A}",
    "${A:-b}",
    "${NO-x${A}y}",
    "${A#al}",
    "${PATH_LIKE//\\//_}",
    "'$A'",
    '"$A\\""',
    "\\$A",
    "${STARS%%\\**}",
    "${EMPTY:+x}",
  ],
  dictionary: [
    "$",
    "${",
    "}",
    ":-",
    ":+",
    ":?",
    "#",
    "##",
    "%",
    "%%",
    "/",
    "//",
    "*",
    "?",
    "\\",
    "'",
    '"',
    "A",
    "EMPTY",
    "PATH_LIKE",
    "STARS",
    "NO",
    "<<",
  ],
  generate: wordText,
  ours: (input) => expandWord(parseWord(textOfBytes(input)), (name) => variables.get(name)),
};

const variables = new Map([
  ["A", "alpha"],
  ["EMPTY", ""],
  ["PATH_LIKE", "/usr/lib:/lib"],
  ["STARS", "a*b?c"],
  ["ÜBER", "über"],
]);

function wordText(random: Random): string {
  const name = () => pick(random, ["A", "EMPTY", "PATH_LIKE", "STARS", "NO", "ÜBER", "1", "@"]);
  const pattern = () => textOf(random, 4, ["a", "l", "/", "*", "?", "\\*", "\\/", "lib", "h", "$A", "'", '"', "\\"]);
  const piece = (): string =>
    pick(random, [
      () => textOf(random, 3, ["a", " ", "b", "\\", "\\$", "'q$A'", '"r $A"', "é", "\n", "<", "<<"]),
      () => `$${name()}`,
      () => `\${${name()}}`,
      () => `\${${name()}${pick(random, ["-", "+", "?", ":-", ":+", ":?"])}${oneIn(random, 3) ? piece() : "d"}}`,
      () => `\${${name()}${pick(random, ["#", "##", "%", "%%"])}${pattern()}}`,
      () => `\${${name()}${pick(random, ["/", "//"])}${pattern()}/${oneIn(random, 3) ? piece() : "r"}}`,
    ])();
  return many(random, 4, piece).join("");
}

const dockerfile: Comparison = {
  kind: "dockerfile",
  seeds: [
    "FROM a\nRUN echo b\n",
    "# syntax=docker/dockerfile:1\n# escape=`\nFROM a AS b\nCOPY --from=b --link a b /c/\n",
    "FROM a\nRUN <<EOF cat > b\n x $A\nEOF\nCOPY <<-'A' <<B /d\n\tx\nA\ny\nB\n",
    'FROM a\nENV A=b "C D"=e \\\n  # comment\n  F=\'g h\'\nCMD ["a", "b"]\nLABEL a b c\n',
    'FROM a\nHEALTHCHECK --interval=3s CMD a b\nONBUILD RUN a\nEXPOSE 80 90/udp\nSHELL ["a"]\nVOLUME a b\n',
  ],
  dictionary: [
    "FROM a\n",
    "RUN ",
    "COPY ",
    "ENV ",
    "LABEL ",
    "ARG ",
    "CMD ",
    "<<EOF",
    "<<-",
    "EOF\n",
    "\\\n",
    "`\n",
    "# ",
    "#escape=`\n",
    '["a"]',
    "--from=b ",
    "--link ",
    "\r\n",
    "\n",
    "'",
    '"',
    "\\",
    "\t",
    "\ufeff",
  ],
  generate: dockerfileText,
  ours: (input) => {
    const text = textOfBytes(input);
    const { instructions, escapeToken } = splitLines(text);
    const found = instructions.map((each) => readInstruction(each, escapeToken));
    // What no instruction can be made of is found by what converts it.
    if (found.some((each) => each.words === undefined)) return { found, isRefused: true };
    return {
      found,
      isRefused: tolerate(() => convertDockerfile(text, { name: "Dockerfile" }), LuakitError) !== "fine",
    };
  },
  isSame: (ours, theirs) => {
    const { found } = Object(ours);
    return (
      found.length === Object(theirs).length &&
      found.every((each: Found, at: number) => isAlike(each, Object(theirs)[at]))
    );
  },
  // A continuation with nothing behind it at the end is an unknown instruction without a name for Go, and nothing for us.
  differs: (text, { ours }) =>
    otherSpaces.test(text) ||
    /(?:^|\n)\s*[\\`]\s*$/.test(text) ||
    (ours.error === undefined && Object(ours.value).isRefused),
};

interface Found {
  readonly line: number;
  readonly keyword: string;
  readonly words?: readonly string[];
  readonly heredocs: readonly unknown[];
}

/** Without words if it cannot be what it wants to be: Go looks at that later. */
function readInstruction(source: SourceInstruction, escapeToken: string): Found {
  const { line, heredocs } = source;
  try {
    const { keyword, words } = parseInstruction(source, escapeToken);
    return { line, keyword, words, heredocs };
  } catch (error) {
    if (error instanceof LuakitError) return { line, keyword: "", heredocs };
    throw error;
  }
}

function isAlike(ours: Found, theirs: Found): boolean {
  if (ours.line !== theirs.line || !Bun.deepEquals(ours.heredocs, theirs.heredocs)) return false;
  if (ours.words === undefined) return true;
  if (ours.keyword !== theirs.keyword.toUpperCase()) return false;
  // Go splits these further.
  if (/^(ENV|LABEL|HEALTHCHECK|ONBUILD)$/.test(ours.keyword)) return true;
  return Bun.deepEquals(ours.words, theirs.words);
}

function dockerfileText(random: Random): string {
  const words = () =>
    textOf(random, 5, [
      "a",
      " ",
      " ",
      "b=c",
      "'d e'",
      '"f g"',
      "\\ ",
      "\\\n",
      "$A",
      "#",
      "=",
      "\t",
      '["a", "b"]',
      "\\\n# c\n",
      "<<E",
      "--x=y ",
      "{",
    ]);
  const line = (): string =>
    pick(random, [
      () =>
        `${pick(random, ["RUN", "COPY", "ENV", "LABEL", "ARG", "CMD", "ENTRYPOINT", "EXPOSE", "USER", "WORKDIR", "VOLUME", "run", "MAINTAINER", "STOPSIGNAL", "ADD"])} ${words()}\n`,
      () =>
        `RUN <<${pick(random, ["", "-"])}${pick(random, ["E", "'E'", '"E"'])}\n${textOf(random, 4, ["a\n", "\tb\n", "$A\n", "\n", "# x\n"])}${pick(random, ["", "\t"])}E\n`,
      () => pick(random, ["\n", "# c\n", "  \n", "\t# d\r\n", "FROM b\n"]),
    ])();
  return `${pick(random, ["", "", "# escape=`\n", "# syntax=x\n"])}FROM a\n${many(random, 5, line).join("")}`;
}

const header: Comparison = {
  kind: "header",
  isBinary: true,
  seeds: [
    headerBlocks([
      [
        [":method", "POST"],
        [":path", "/a"],
        ["te", "trailers"],
      ],
      [
        [":method", "POST"],
        ["x", "y"],
      ],
    ]),
  ],
  generate: (random) =>
    headerBlocks(
      many(random, 4, () =>
        many(
          random,
          5,
          () =>
            [
              pick(random, [":status", "a", "grpc-status", "content-type", "x-".repeat(20), ":path"]),
              pick(random, ["", "0", "200", "application/grpc", "v".repeat(random(300)), "/"]),
            ] as const,
        ),
      ),
    ),
  ours: (input) => {
    const decoder = new HeaderDecoder(4096, 1 << 28);
    return cutParts(input).map((block) => (decoder.decode(block) ?? []).map(([name, value]) => [name, value]));
  },
  // Values are UTF-8 for us, and bytes for Go.
  isSame: (ours, theirs) => Bun.deepEquals(ours, theirs, true) || Bun.deepEquals(ours, asUtf8(theirs)),
  // Go lets the table's size change inside a block as long as nothing is in it, and else not twice at its start.
  differs: (_, { ours, theirs }) =>
    ours.error?.includes("table size inside a block") === true ||
    theirs.error?.includes("dynamic table size update MUST occur at the beginning") === true,
};

function headerBlocks(lists: readonly (readonly (readonly [string, string])[])[]): Uint8Array {
  const encoder = new HeaderEncoder();
  return joinParts(lists.map((list) => Uint8Array.from(encoder.encode(list))));
}

function asUtf8(lists: unknown): unknown {
  if (typeof lists !== "object" || !Array.isArray(lists)) return lists;
  return lists.map((list: [string, string][]) =>
    list.map(([name, value]) => [name, Buffer.from(value, "latin1").toString()]),
  );
}

function textOfBytes(input: Uint8Array): string {
  return Buffer.from(input).toString();
}

/** These are spaces for Go or for JavaScript, and not for both. */
const otherSpaces = /\u0085|\ufeff/;

/** Everything that Go has too. */
export const comparisons: readonly Comparison[] = [
  csv,
  dockerfile,
  duration,
  expand,
  gitUrl,
  header,
  ignore,
  platform,
  reference,
];
