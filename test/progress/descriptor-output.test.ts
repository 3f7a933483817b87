import { expect, test } from "bun:test";
import { closeSync, constants, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { DescriptorOutput } from "../../src/progress/descriptor-output.ts";
import { inDirectory } from "../support/build.ts";

const look = { isTerminal: false, color: false, size: () => ({ columns: 80, rows: 24 }) };

/** A pipe whose reader reads only when it is told to. */
async function withPipe(
  use: (output: DescriptorOutput, read: (most: number) => number) => Promise<void>,
): Promise<void> {
  await inDirectory(async (directory) => {
    const path = join(directory, "pipe");
    Bun.spawnSync(["mkfifo", path]);
    // Opened for both, so that neither end waits for the other.
    const reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const writer = openSync(path, "w");
    const output = new DescriptorOutput(writer, look);
    try {
      await use(output, (most) => readSome(reader, most));
    } finally {
      closeSync(reader);
      closeSync(writer);
    }
  });
}

function readSome(descriptor: number, most: number): number {
  try {
    return readSync(descriptor, new Uint8Array(most));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EAGAIN") return 0;
    throw error;
  }
}

test("a reader that does not read is not waited for, and gets everything when it does", async () => {
  await withPipe(async (output, read) => {
    const text = `${"x".repeat(999)}\n`.repeat(300);
    const start = performance.now();
    output.write(text);
    output.write("the end\n");
    expect(performance.now() - start).toBeLessThan(1000);
    expect(output.ready()).toBe(false);
    let drained = false;
    const waiting = output.drained()?.then(() => {
      drained = true;
    });
    let length = 0;
    while (!drained) {
      length += read(65_536);
      await Bun.sleep(1);
    }
    await waiting;
    while (length < text.length + 8) length += read(65_536);
    expect(length).toBe(text.length + 8);
    expect(output.ready()).toBe(true);
    expect(output.drained()).toBeUndefined();
  });
});

test("flush waits as long as it is told to and then gives up", async () => {
  await withPipe(async (output, read) => {
    output.write("x".repeat(300_000));
    const start = performance.now();
    output.flush(50);
    expect(performance.now() - start).toBeGreaterThanOrEqual(45);
    expect(output.ready()).toBe(true);
    read(300_000);
    output.write("after\n");
    expect(output.ready()).toBe(true);
  });
});

test("files are written to where they stand", async () => {
  await inDirectory(async (directory) => {
    const path = join(directory, "log");
    const file = openSync(path, "a");
    const output = new DescriptorOutput(file, look);
    output.write("one\n");
    output.write("two\n");
    output.flush(0);
    closeSync(file);
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
  });
});

test("a reader that has gone ends nothing but the output", async () => {
  const script = `
    const { DescriptorOutput } = await import(${JSON.stringify(join(import.meta.dir, "../../src/progress/descriptor-output.ts"))});
    const output = new DescriptorOutput(2, { isTerminal: false, color: false, size: () => ({ columns: 80, rows: 24 }) });
    for (let index = 0; index < 100; index++) output.write("x".repeat(10_000));
    output.flush(1000);
    await Bun.sleep(20);
    await Bun.write(Bun.stdout, "still here");
  `;
  const child = Bun.spawn(["sh", "-c", '{ "$0" -e "$1" 2>&3 | cat >&4; } 3>&1 4>&2 | true', process.execPath, script], {
    stdout: "ignore",
    stderr: "pipe",
  });
  expect(await new Response(child.stderr).text()).toBe("still here");
});

test("what is no slow reader, such as a full disk, is thrown unless somebody takes it", () => {
  const descriptor = openSync("/dev/full", "w");
  try {
    const strict = new DescriptorOutput(descriptor, look);
    expect(() => strict.write("text")).toThrow("ENOSPC");
    const refused: unknown[] = [];
    const lenient = new DescriptorOutput(descriptor, look, (error) => refused.push(error));
    lenient.write("one");
    lenient.write("two");
    expect([refused.length, lenient.ready()]).toEqual([2, true]);
    lenient.close();
  } finally {
    closeSync(descriptor);
  }
});
