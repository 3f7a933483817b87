import { LuakitError } from "../../../../src/diagnostic/luakit-error.ts";
import { detailsOf, sourcesOf } from "../../../../src/rpc/error-details.ts";
import { MessageReader } from "../../../../src/rpc/framing.ts";
import { HttpResponseReader } from "../../../../src/rpc/http-response.ts";
import { decodePercent, encodePercent } from "../../../../src/rpc/percent.ts";
import { statusOfTrailers, trailersOf } from "../../../../src/rpc/status.ts";
import { MessageSplitter } from "../../../../src/session/ssh-message.ts";
import { many, pick, type Random, strangeJson, strangeTexts } from "../driver/choose.ts";
import type { Target } from "../driver/fuzz.ts";
import { tolerate } from "../driver/tolerate.ts";

const detailTypes = ["Vertex", "Source", "Solve", "Frontend", "FrontendCap", "Subrequest", "CompatibilityFeature"];

/** The trailers of a call that failed, one line each. */
const details: Target = {
  kind: "grpc-status",
  seeds: [
    trailerText("13", "solver: failed", [["github.com/moby/buildkit/errdefs.Vertex+json", '{"digest":"sha256:00"}']]),
    trailerText("2", "%E2%98%83 %zz", [
      ["errdefs.Source", "\n\u0004file"],
      [
        "github.com/moby/buildkit/errdefs.Source+json",
        '{"info":{"filename":"a","data":"YQ=="},"ranges":[{"start":{"line":1}}]}',
      ],
      [
        "github.com/moby/buildkit/stack.Stack+json",
        '{"frames":[{"Name":"a","File":"b","Line":1}],"cmdline":["x"],"pid":1}',
      ],
    ]),
  ],
  dictionary: ["grpc-status", "grpc-message", "grpc-status-details-bin", "%", "=", "\n", "CAI", "0", "16"],
  generate: (random) =>
    trailerText(
      pick(random, ["0", "2", "5", "99999999999", "-1", "", "x"]),
      pick(random, strangeTexts),
      many(random, 3, detail(random)),
    ),
  run(input) {
    const lines = Buffer.from(input).toString().split("\n");
    const trailers = lines.map((line) => [line.replace(/:.*/s, ""), line.replace(/^.*?: ?/s, "")] as const);
    const status = statusOfTrailers(trailers, "200");
    const read = detailsOf(status).map(({ kind }) => kind);
    sourcesOf(status);
    // An OK has nothing beside it.
    if (status.code > 0 && !Bun.deepEquals(statusOfTrailers(trailersOf(status), "200"), wellFormed(status))) {
      throw new TypeError("a status that changes on its way");
    }
    return `${status.code} ${read.join()}`;
  },
};

function wellFormed<T extends { readonly message: string }>(status: T): T {
  return { ...status, message: status.message.toWellFormed() };
}

function detail(random: Random): () => readonly [string, string] {
  return () => {
    const name = pick(random, detailTypes);
    const members = [
      "digest",
      "info",
      "ranges",
      "data",
      "name",
      "frames",
      "cmdline",
      "inputIDs",
      "file",
      "description",
      "version",
    ];
    const json = Object.fromEntries(many(random, 4, () => [pick(random, members), strangeJson(random)]));
    const prefix = "github.com/moby/buildkit/";
    return pick(random, [0, 1]) === 0
      ? [`${prefix}errdefs.${name}+json`, JSON.stringify(json)]
      : [`errdefs.${name}`, "\n\u0001a"];
  };
}

function trailerText(code: string, message: string, list: readonly (readonly [string, string])[]): string {
  const found = list.map(([type, value]) => ({ type, value: new TextEncoder().encode(value) }));
  const trailers = trailersOf({ code: 2, message, details: found }).map(([name, value]) => `${name}: ${value}`);
  return [`grpc-status: ${code}`, ...trailers.slice(1)].join("\n");
}

/** Messages come out whole, wherever their bytes are cut. */
const framing: Target = {
  kind: "grpc-framing",
  seeds: [
    Uint8Array.of(0, 0, 0, 0, 2, 1, 1, 0, 0, 0, 0, 0),
    Uint8Array.of(1, 0, 0, 0, 1, 0),
    Uint8Array.of(0, 1, 0, 0, 1),
  ],
  run(input) {
    const whole = readMessages(input, input.length);
    const pieces = readMessages(input, 1 + (input.length % 5));
    if (!Bun.deepEquals(whole, pieces)) throw new TypeError("pieces make a difference");
    return `${whole.outcome} ${Math.min(3, whole.messages.length)}`;
  },
};

function readMessages(
  input: Uint8Array,
  size: number,
): { readonly messages: readonly Uint8Array[]; readonly outcome: string } {
  const reader = new MessageReader();
  const messages: Uint8Array[] = [];
  const outcome = tolerate(() => {
    for (let at = 0; at < input.length; at += Math.max(1, size)) {
      const piece = input.subarray(at, at + size);
      for (let next = 0; next < piece.length; ) {
        const read = reader.read(piece, next);
        if (read.message !== undefined) messages.push(read.message);
        next = read.next;
      }
    }
  }, LuakitError);
  return { messages, outcome };
}

/** Texts survive `grpc-message`. */
const percent: Target = {
  kind: "grpc-message",
  seeds: ["plain", "100%", "%E2%98%83", "%e2%98", "\u2603"],
  dictionary: ["%", "%25", "%00", "%C3", "\ud800"],
  run(input) {
    const text = Buffer.from(input).toString();
    if (decodePercent(encodePercent(text)) !== text) throw new TypeError("a text that changes on its way");
    return String(decodePercent(text) === text);
  },
};

/** What a Docker Engine, or who claims to be one, answers. */
const engine: Target = {
  kind: "http-response",
  seeds: [
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Upgrade\r\nUpgrade: h2c\r\n\r\nrest",
    "HTTP/1.0 404 No\r\n\r\n{}",
  ],
  dictionary: [
    "\r\n",
    "\r\n\r\n",
    "HTTP/1.1 200",
    "Content-Length: ",
    "Transfer-Encoding: chunked",
    "-1",
    "99999999999",
    "NaN",
    "1\r\na\r\n",
    "0x",
    ";",
  ],
  run(input) {
    const whole = readResponse(input, input.length);
    const pieces = readResponse(input, 1 + (input.length % 5));
    if (whole.outcome === "fine" && whole.answer !== pieces.answer) throw new TypeError("pieces make a difference");
    return `${whole.outcome} ${whole.answer.slice(0, 3)}`;
  },
};

function readResponse(input: Uint8Array, size: number): { readonly answer: string; readonly outcome: string } {
  let answer = "none";
  const reader = new HttpResponseReader((status, body) => {
    answer = `${status} ${Bun.hash(body)} ${body.length}`;
  });
  const outcome = tolerate(() => {
    for (let at = 0; at < input.length; at += Math.max(1, size)) reader.push(input.subarray(at, at + size));
    reader.end();
  }, RangeError);
  return { answer, outcome };
}

/** What a step says to the agent. */
const agent: Target = {
  kind: "ssh-messages",
  seeds: [Uint8Array.of(0, 0, 0, 1, 11), Uint8Array.of(0, 0, 0, 5, 13, 0, 0, 0, 0, 0, 0, 0, 1, 11)],
  run: (input) =>
    tolerate(() => {
      const splitter = new MessageSplitter();
      let bytes = 0;
      for (let at = 0; at < input.length; at += 7) {
        for (const message of splitter.push(input.subarray(at, at + 7))) bytes += message.length;
      }
      if (bytes > input.length) throw new TypeError("more than there was");
    }, RangeError),
};

/** What is around calls. */
export const grpcTargets: readonly Target[] = [details, framing, percent, engine, agent];
