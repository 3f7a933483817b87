import { StatusResponse } from "../../../../src/gen/control.ts";
import type { ProgressMode } from "../../../../src/progress/mode.ts";
import type { ProgressOutput } from "../../../../src/progress/output.ts";
import { parseRawJson } from "../../../../src/progress/parse-raw-json.ts";
import { formatRawJson } from "../../../../src/progress/raw-json.ts";
import { openProgress } from "../../../progress/open-progress.ts";
import { TestClock } from "../../../progress/replay.ts";
import { many, number, oneIn, pick, type Random, strangeTexts, textOf } from "../driver/choose.ts";
import type { Target } from "../driver/fuzz.ts";
import { cutParts, joinParts } from "../driver/parts.ts";
import { tolerate } from "../driver/tolerate.ts";

const controls = [
  "\u001b[77;77H",
  "\u001b]0;title\u0007",
  "\u009b2J",
  "\u0007",
  "\b",
  "\r",
  "\u001bc",
  "\u202e",
  "\u001b[31m",
  "\n",
  "::error::x",
  "\0",
];
const digests = ["sha256:a", "sha256:b", "sha256:c", "", "x".repeat(1000), "__proto__"];

const text = (random: Random) =>
  oneIn(random, 20)
    ? "long name ".repeat(random(500))
    : textOf(random, 4, [
        ...controls,
        ...strangeTexts.map((each) => each.toWellFormed()),
        "step",
        "[1/2] RUN x",
        "#",
        "あ",
      ]);

function time(random: Random) {
  if (oneIn(random, 4)) return undefined;
  const seconds = oneIn(random, 6)
    ? pick(random, [0, -1, 2 ** 40, 1e15, -(10 ** 15), number(random)])
    : 1_893_456_000 + random(100);
  return { seconds, nanos: oneIn(random, 6) ? pick(random, [-1, 2e9, 999_999_999]) : random(1e9) };
}

function status(random: Random): Uint8Array {
  return StatusResponse.encode({
    vertexes: many(random, 4, () => ({
      digest: pick(random, digests),
      inputs: many(random, 3, () => pick(random, digests)),
      name: text(random),
      cached: oneIn(random, 3),
      started: time(random),
      completed: oneIn(random, 2) ? time(random) : undefined,
      error: oneIn(random, 3) ? text(random) : "",
      progressGroup: oneIn(random, 4) ? { id: text(random), name: text(random), weak: oneIn(random, 2) } : undefined,
    })),
    statuses: many(random, 3, () => ({
      ID: text(random),
      vertex: pick(random, digests),
      name: text(random),
      current: pick(random, [number(random), -1, 2 ** 52]),
      total: pick(random, [number(random), -1, 2 ** 52]),
      timestamp: time(random),
      started: time(random),
      completed: time(random),
    })),
    logs: many(random, 3, () => ({
      vertex: pick(random, digests),
      stream: number(random),
      msg: Buffer.from(oneIn(random, 9) ? Array.from({ length: 40 }, () => random(256)) : text(random)),
      timestamp: time(random),
    })),
    warnings: many(random, 2, () => ({
      vertex: pick(random, digests),
      level: number(random),
      short: Buffer.from(text(random)),
      detail: many(random, 2, () => Buffer.from(text(random))),
      url: text(random),
      info: oneIn(random, 2) ? { filename: text(random), data: Buffer.from(text(random)), language: "" } : undefined,
      ranges: many(random, 2, () => ({ start: { line: number(random), character: number(random) } })),
    })),
  });
}

class Paper implements ProgressOutput {
  text = "";

  constructor(
    readonly isTerminal: boolean,
    readonly color: boolean,
  ) {}

  write(text: string): void {
    this.text += text;
  }

  columns(): number {
    return 80;
  }

  rows(): number {
    return 24;
  }
}

/** What our own frames are made of: cursor up and down, begin of line, clear, show and hide, wrap, colours. */
const own = new RegExp(`${"\\u001b"}(?:\\[\\d*[A-GJK]|\\[\\?\\d+[hl]|\\[[0-9;:]*m)|\\r`, "g");
const forbidden = /[^\P{Cc}\n\t]|\p{Bidi_Control}/u;
/** Bytes that may be written for a byte of the stream, and besides. */
const mostWritten = { each: 400, besides: 200_000 };

function show(mode: ProgressMode, messages: readonly StatusResponse[], output: Paper, size: number): void {
  const clock = new TestClock();
  const variables = output.color ? {} : { NO_COLOR: "1" };
  const progress = openProgress(mode, output, { variables, now: clock.now, schedule: clock.schedule });
  const vertex = progress.clientVertex("loading \u001b[77;77H");
  for (const message of messages) {
    progress.update(message);
    clock.advance(120);
  }
  vertex.status("a\u0007", { current: 1, total: 2 });
  progress.end({ result: messages.length % 2 === 0 ? "done" : "failed" });
  const plain = output.text.replaceAll(own, "");
  if (forbidden.test(plain))
    throw new TypeError(`${mode} writes a control character: ${JSON.stringify(forbidden.exec(plain))}`);
  if (!output.isTerminal && output.text.includes("\r")) throw new TypeError(`${mode} writes a carriage return`);
  if (output.text.length > mostWritten.besides + mostWritten.each * size)
    throw new TypeError(`${mode} writes without end`);
}

/** What a daemon tells of a build, as every display shows it. */
export const statusStream: Target = {
  kind: "status-stream",
  seeds: [joinParts([status((below) => below - 1)])],
  dictionary: controls,
  generate: (random) => joinParts(many(random, 6, status)),
  short: 40,
  run(input) {
    const messages: StatusResponse[] = [];
    const outcome = tolerate(() => {
      for (const part of cutParts(input)) messages.push(StatusResponse.decode(part));
    }, RangeError);
    show("plain", messages, new Paper(false, false), input.length);
    show("plain", messages, new Paper(true, true), input.length);
    show("tty", messages, new Paper(true, true), input.length);
    show("quiet", messages, new Paper(false, false), input.length);
    show("rawjson", messages, new Paper(false, false), input.length);
    for (const message of messages) {
      const line = formatRawJson(message);
      if (!Bun.deepEquals(formatRawJson(parseRawJson(line)), line))
        throw new TypeError("a message that changes on its way");
    }
    return `${outcome} ${Math.min(3, messages.length)}`;
  },
};
