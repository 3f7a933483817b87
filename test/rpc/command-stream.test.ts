import { describe, expect, test } from "bun:test";
import { type CommandEnd, type CommandStream, startCommand } from "../../src/rpc/command-stream.ts";
import { record } from "./recorder.ts";

/** A shell command as a stream; `end` is what its error was made of. */
function start(script: string): { stream: CommandStream; end: () => CommandEnd | undefined } {
  let end: CommandEnd | undefined;
  const stream = startCommand(["/bin/sh", "-c", script], {
    detached: true,
    explain(given) {
      end = given;
      return new Error("explained");
    },
  });
  return { stream, end: () => end };
}

describe("a command", () => {
  test("carries bytes both ways until we end", async () => {
    const { stream } = start("cat");
    const sink = record(stream);
    stream.write(new TextEncoder().encode("one "));
    await sink.until(() => sink.text === "one ");
    stream.write(new TextEncoder().encode("two"));
    stream.end();
    expect(await sink.closed).toBeUndefined();
    expect([sink.text, ...sink.events]).toEqual(["one two", "end", "close"]);
  });

  test("carries much, and says when to wait", async () => {
    const { stream } = start("sleep 0.1; cat");
    const sink = record(stream, false);
    const size = 256 * 1024;
    let waits = 0;
    for (let i = 0; i < 64; i++) {
      if (stream.write(new Uint8Array(size))) continue;
      const { drains } = sink;
      waits++;
      await sink.until(() => sink.drains > drains);
    }
    stream.end();
    expect(await sink.closed).toBeUndefined();
    expect(sink.total).toBe(64 * size);
    expect(waits).toBeGreaterThan(0);
  });

  test("has written, or copied, what it gives back", async () => {
    const { stream } = start("sleep 0.1; tr -d 0123456789 | wc -c; exec cat > /dev/null");
    const sink = record(stream);
    const bytes = Buffer.alloc(256 * 1024);
    for (let digit = 0; digit < 10; digit++) {
      bytes.fill(String(digit));
      let isFree = false;
      stream.write(bytes, () => {
        isFree = true;
      });
      expect(isFree).toBe(true);
    }
    bytes.fill("x");
    stream.end();
    await sink.closed;
    expect(sink.text.trim()).toBe("0");
  });

  test("pause stops delivery until resume", async () => {
    const { stream } = start("echo a; read x; echo b; read x");
    const sink = record(stream);
    await sink.until(() => sink.text === "a\n");
    stream.pause();
    stream.write(new TextEncoder().encode("\n"));
    await Bun.sleep(50);
    expect(sink.text).toBe("a\n");
    stream.resume();
    await sink.until(() => sink.text === "a\nb\n");
    stream.destroy();
  });

  test.each([0, 100])("that reads no more is written to, and ended, without a failure (%d ms later)", async (later) => {
    const { stream } = start("exec <&-; echo a; sleep 0.3");
    const sink = record(stream);
    await sink.until(() => sink.text === "a\n");
    stream.write(new Uint8Array(200_000));
    await Bun.sleep(later);
    stream.write(new Uint8Array(10));
    stream.end();
    expect(await sink.closed).toBeUndefined();
  });

  test("that fails is explained, with what it wrote to stderr last", async () => {
    const { stream, end } = start("i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done; exit 7");
    const sink = record(stream);
    expect((await sink.closed)?.message).toBe("explained");
    const { stderr = "", ...rest } = end() ?? {};
    expect(rest).toEqual({ exitCode: 7, signal: null, received: false });
    expect(stderr.endsWith("line 1999")).toBe(true);
    expect(stderr.length).toBeLessThanOrEqual(4096);
    expect(sink.events).toEqual(["close"]);
  });

  test("that breaks off later is explained, too", async () => {
    const { stream, end } = start("echo hello; kill -9 $$");
    const sink = record(stream);
    expect((await sink.closed)?.message).toBe("explained");
    expect(end()).toMatchObject({ signal: "SIGKILL", received: true });
    expect(sink.text).toBe("hello\n");
  });

  test("that closes its stdout but does not end is ended", async () => {
    const { stream, end } = start("exec >&-; sleep 60");
    expect((await record(stream).closed)?.message).toBe("explained");
    expect(end()).toMatchObject({ signal: "SIGTERM" });
  });

  test("takes writes after its end", async () => {
    const { stream } = start("exit 0");
    const sink = record(stream);
    await Bun.sleep(50);
    for (let i = 0; i < 5; i++) stream.write(new Uint8Array(200_000));
    await sink.closed;
    expect(stream.write(new Uint8Array(10))).toBeBoolean();
    stream.end();
    stream.destroy();
    await Bun.sleep(20);
    expect(sink.events).toEqual(["close"]);
  });

  test("whose own child keeps stderr open does not keep the stream", async () => {
    const { stream, end } = start("sleep 5 >/dev/null & echo why >&2; exit 3");
    const before = performance.now();
    await record(stream).closed;
    expect(performance.now() - before).toBeLessThan(3000);
    expect(end()).toMatchObject({ exitCode: 3, stderr: "why" });
  });

  test("is ended by destroy, the hard way if it must be", async () => {
    const { stream } = start("sleep 60");
    const sink = record(stream);
    stream.destroy();
    stream.destroy();
    expect(await sink.closed).toBeUndefined();
    expect(sink.events).toEqual(["close"]);

    const stubborn = start("trap '' TERM; echo ready; while :; do sleep 0.1; done");
    const hearing = record(stubborn.stream);
    await hearing.until(() => hearing.text === "ready\n");
    const before = performance.now();
    stubborn.stream.destroy();
    await hearing.closed;
    expect(performance.now() - before).toBeWithin(2500, 4500);
  });
});
