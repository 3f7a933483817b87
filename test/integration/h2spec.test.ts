import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildGoTool } from "../../scripts/testbed/go-tool.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { tools } from "../../scripts/testbed/tools.ts";
import type { HeaderList, Stream, StreamSink } from "../../src/h2/connection.ts";
import { openConnection } from "../../src/h2/connection.ts";
import { listen } from "../h2/socket.ts";

test("h2spec finds nothing wrong with a server", async () => {
  const place = findPlace();
  const program = await locked(place.cache, () => buildGoTool(place, tools.h2spec));
  const directory = mkdtempSync(join(tmpdir(), "h2spec-"));
  const report = join(directory, "report.xml");
  const server = listen((bytes) => openConnection(bytes, { role: "server", onStream: answer }));
  const flags = ["--strict", "--timeout=5", `--port=${server.port}`, `--junit-report=${report}`];
  const child = Bun.spawn([program, ...flags], { stdout: "pipe", stderr: "inherit" });
  const output = await new Response(child.stdout).text();
  server.stop();
  const counts = countCases(readFileSync(report, "utf8"));
  rmSync(directory, { recursive: true });
  expect(output.replace(/^.*\nFailures: /s, "Failures: ")).not.toContain("Failures");
  expect(counts).toEqual({ failed: 0, passed: counts.passed, skipped: 0 });
  expect(counts.passed).toBeGreaterThan(140);
  expect(await child.exited).toBe(0);
}, 300_000);

/** Answers every request, when it has ended, with a little text. */
function answer(stream: Stream, _headers: HeaderList, ended: boolean): StreamSink {
  const respond = () => {
    stream.sendHeaders([
      [":status", "200"],
      ["content-type", "text/plain"],
    ]);
    stream.write(Buffer.from("what the server has to say"));
    stream.end();
  };
  if (ended) respond();
  return {
    headers: respond,
    data: (bytes) => stream.consumed(bytes.length),
    end: respond,
    reset: () => {},
    drain: () => {},
  };
}

/** Sums up the suites of a JUnit report. */
function countCases(report: string): { readonly passed: number; readonly failed: number; readonly skipped: number } {
  const sum = (name: string) =>
    [...report.matchAll(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`, "g"))].reduce(
      (total, [, count]) => total + Number(count),
      0,
    );
  const failed = sum("failures") + sum("errors");
  const skipped = sum("skipped");
  return { passed: sum("tests") - failed - skipped, failed, skipped };
}
