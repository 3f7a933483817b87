import { expect, test } from "bun:test";
import type { StatusResponse } from "../../src/gen/control.ts";
import type { Outcome } from "../../src/progress/progress.ts";
import { expectGolden } from "../golden/golden.ts";
import { log, status, vertex } from "./messages.ts";
import { readRecording, recordingNames } from "./replay.ts";
import { screenOf } from "./terminal.ts";

const digest = (character: string) => `sha256:${character.repeat(64)}`;
const built = [
  ["image", "registry.example/app:1"],
  ["digest", digest("a")],
] as const;

/** Moments at which recordings are looked at, and how their builds ended. */
const looks: Readonly<Record<string, { readonly moments: readonly number[]; readonly outcome: Outcome }>> = {
  cached: { moments: [], outcome: { result: "done" } },
  escapes: { moments: [700], outcome: { result: "done" } },
  export: { moments: [200, 1200], outcome: { result: "done", built } },
  failing: { moments: [400], outcome: { result: "failed" } },
  groups: { moments: [300, 900], outcome: { result: "done" } },
  interrupted: { moments: [1000], outcome: { result: "canceled" } },
  mounts: { moments: [], outcome: { result: "done" } },
  parallel: { moments: [300, 1200, 3000], outcome: { result: "done" } },
  platforms: { moments: [100], outcome: { result: "done" } },
  pull: { moments: [600], outcome: { result: "done" } },
  sources: { moments: [200], outcome: { result: "done" } },
  warnings: { moments: [100], outcome: { result: "done" } },
};

test.each(Object.keys(looks))("%s looks as it should at three widths", async (name) => {
  const { moments = [], outcome = { result: "done" } } = looks[name] ?? {};
  const messages = readRecording(name);
  const screens = [80, 40, 200].flatMap((columns) =>
    [...moments, outcome].map((when) => screenOf(messages, columns, 24, when)),
  );
  await expectGolden(`progress/tty-${name}.txt`, screens.join("\n"));
});

test("every recording is looked at", () => {
  expect(recordingNames()).toEqual(Object.keys(looks).sort());
});

const layers = [
  vertex("docker-image://docker.io/library/golang:1.23", 0),
  status("docker-image://docker.io/library/golang:1.23", `resolve docker.io/library/golang:1.23@${digest("f")}`, 0, {
    completed: 0.4,
  }),
  ...[25_900_000, 64_100_000, 92_400_000, 126].map((total, index) =>
    status("docker-image://docker.io/library/golang:1.23", digest(String(index)), 0.5, {
      total,
      current: index === 0 || index === 3 ? total : Math.round(total * 0.37 * index),
      now: 2,
      ...(index === 0 || index === 3 ? { completed: 1.8 } : {}),
    }),
  ),
  status("docker-image://docker.io/library/golang:1.23", `extracting ${digest("0")}`, 1.8),
  vertex("local://context", 0),
  status("local://context", "transferring context:", 0, { current: 12_345_678, now: 2 }),
];

test("layers and transfers have bars, amounts or percents, as there is room", async () => {
  const screens = [120, 80, 50, 30, 20].map((columns) => screenOf(layers, columns, 24, 2500));
  await expectGolden("progress/tty-layers.txt", [...screens, screenOf(layers, 80, 24, 2500, { LANG: "C" })].join("\n"));
});

/** Many steps: the first ones have ended, the last ones run and write. */
function crowd(ended: number, running: number): StatusResponse[] {
  const done = Array.from({ length: ended }, (_, index) => vertex(`done ${index + 1}`, 0, 0.1 + index / 100));
  const names = Array.from({ length: running }, (_, index) => `running ${index + 1}`);
  return [
    ...done,
    ...names.flatMap((name) => [vertex(name, 1), ...[1, 2, 3].map((line) => log(name, 1.5, `${name} line ${line}\n`))]),
  ];
}

test("what runs comes before what has ended, and that before details", async () => {
  const screens = [
    screenOf(crowd(3, 2), 60, 24, 2000),
    screenOf(crowd(30, 2), 60, 24, 2000),
    screenOf(crowd(30, 2), 60, 8, 2000),
    screenOf(crowd(30, 12), 60, 24, 2000),
    screenOf(crowd(30, 40), 60, 12, 2000),
    screenOf(crowd(30, 40), 20, 5, 2000),
    screenOf(crowd(30, 40), 60, 2, 2000),
  ];
  await expectGolden("progress/tty-crowd.txt", screens.join("\n"));
});

test("a frame never has more lines than fit above the cursor, nor longer ones than the window", () => {
  const messages = [...layers, ...crowd(20, 20), vertex("日本語のステップ 👩‍👩‍👧 ".repeat(20), 1)];
  for (let rows = 2; rows < 60; rows += 3) {
    for (let columns = 10; columns < 150; columns += 7) {
      const [, ...lines] = screenOf(messages, columns, rows, 1900).trimEnd().split("\n");
      expect(lines.length).toBeLessThan(rows);
      expect(Math.max(...lines.map((line) => Bun.stringWidth(line)))).toBeLessThan(columns);
    }
  }
});

test("BUILDKIT_TTY_LOG_LINES sets how many lines of a log are shown", () => {
  const messages = crowd(0, 1);
  const lines = (count: string) =>
    screenOf(messages, 60, 24, 2000, { BUILDKIT_TTY_LOG_LINES: count })
      .split("\n")
      .filter((line) => line.includes("│"));
  expect(lines("1")).toEqual(["   │ running 1 line 3"]);
  expect(lines("2")).toHaveLength(2);
  expect(lines("zero")).toHaveLength(3);
});

test("names and logs cannot break a frame", () => {
  const name = "RUN <<EOF\n\u001b[2J\u001b[31mred\nEOF";
  const screen = screenOf(
    [vertex(name, 0), log(name, 1, "a\tb\u001b[5A\u009b2Jc\n\u202eturned\u202c\n")],
    60,
    24,
    1500,
  );
  expect(screen).toBe(
    [
      "== 60x24 after 1500 ms",
      "[+] Building 1.5s (0/1)",
      ` ⠴ RUN <<EOF red EOF${" ".repeat(35)}1.5s`,
      "   │ a       bc",
      "   │ turned",
      "",
    ].join("\n"),
  );
});
