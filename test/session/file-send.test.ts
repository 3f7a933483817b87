import { afterEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { BytesMessage } from "../../src/gen/filesync.ts";
import type { Metadata } from "../../src/rpc/metadata.ts";
import { type FileOutput, fileOutput } from "../../src/session/file-output.ts";
import { type DirectoryOutput, fileSend } from "../../src/session/file-send.ts";
import type { FileSink } from "../../src/session/file-sink.ts";
import { fileMode } from "../../src/session/fsutil/file-mode.ts";
import { PacketWriter } from "../../src/session/fsutil/packet-writer.ts";
import { LocalCall } from "./fsutil/call-pair.ts";

const places: string[] = [];
afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true });
});

function newDirectory(): string {
  const place = mkdtempSync(join(tmpdir(), "luakit-file-send-"));
  places.push(place);
  return place;
}

function open(outputs: readonly (FileOutput | DirectoryOutput)[]) {
  const failures: LuakitError[] = [];
  const sent = fileSend(outputs, { onFailure: (error) => failures.push(error) });
  const call = (metadata: Metadata) => {
    const made = new LocalCall(metadata);
    sent.service[0]?.[1](made);
    return made;
  };
  return { ...sent, failures, call };
}

const exporter = (id: number): Metadata => [["buildkit-attachable-exporter-id", `${id}`]];

function write(call: LocalCall, ...parts: (string | Uint8Array)[]): void {
  for (const part of parts) call.take(BytesMessage.encode({ data: Buffer.from(part) }));
}

/** Ends the call behind what was written. */
async function end(call: LocalCall): Promise<void> {
  await Bun.sleep(5);
  call.endPeer();
}

describe("a file", () => {
  test("has its name only after the build has succeeded", async () => {
    const path = join(newDirectory(), "out.tar");
    const outputs = open([fileOutput(0, path)]);
    const call = outputs.call(exporter(0));
    write(call, "one", "", "two");
    await end(call);
    expect(await call.finished).toMatchObject({ code: 0 });
    expect(existsSync(path)).toBe(false);
    outputs.commit();
    expect(readFileSync(path, "utf8")).toBe("onetwo");
    expect(readdirSync(join(path, ".."))).toEqual(["out.tar"]);
  });

  test("of a daemon that does not number its only exporter is the first", async () => {
    const path = join(newDirectory(), "out.tar");
    const outputs = open([fileOutput(0, path)]);
    const call = outputs.call([]);
    write(call, "data");
    await end(call);
    expect(await call.finished).toMatchObject({ code: 0 });
  });

  test("leaves no trace when the build fails, whenever that is", async () => {
    const place = newDirectory();
    writeFileSync(join(place, "old.tar"), "old");
    for (const stage of ["before", "during", "after"]) {
      const outputs = open([fileOutput(0, join(place, "old.tar")), fileOutput(1, join(place, "new.tar"))]);
      const calls = stage === "before" ? [] : [outputs.call(exporter(0)), outputs.call(exporter(1))];
      for (const call of calls) write(call, "data");
      if (stage === "after") for (const call of calls) await end(call);
      outputs.discard();
      await Bun.sleep(5);
      expect(readdirSync(place)).toEqual(["old.tar"]);
      expect(readFileSync(join(place, "old.tar"), "utf8")).toBe("old");
    }
  });

  test("replaces an older one and keeps its mode, and a link stays a link", async () => {
    const place = newDirectory();
    writeFileSync(join(place, "real.tar"), "old", { mode: 0o600 });
    chmodSync(join(place, "real.tar"), 0o640);
    symlinkSync("real.tar", join(place, "link.tar"));
    symlinkSync("later.tar", join(place, "dangling.tar"));
    for (const name of ["link.tar", "dangling.tar"]) {
      const outputs = open([fileOutput(0, join(place, name))]);
      const call = outputs.call(exporter(0));
      write(call, "new");
      await end(call);
      await call.finished;
      outputs.commit();
      expect(lstatSync(join(place, name)).isSymbolicLink()).toBe(true);
    }
    expect(readFileSync(join(place, "real.tar"), "utf8")).toBe("new");
    expect(statSync(join(place, "real.tar")).mode & 0o777).toBe(0o640);
    expect(readFileSync(join(place, "later.tar"), "utf8")).toBe("new");
    expect(readdirSync(place).sort()).toEqual(["dangling.tar", "later.tar", "link.tar", "real.tar"]);
  });

  test("that is a fifo is written to as it is, when its reader comes", async () => {
    const path = join(newDirectory(), "fifo");
    await Bun.$`mkfifo ${path}`;
    const outputs = open([fileOutput(0, path)]);
    const call = outputs.call(exporter(0));
    write(call, "through ", "a fifo");
    const reader = new Response(Bun.spawn(["cat", path]).stdout).text();
    await end(call);
    expect(await call.finished).toMatchObject({ code: 0 });
    outputs.commit();
    expect(await reader).toBe("through a fifo");
    expect(lstatSync(path).isFIFO()).toBe(true);
  });

  test("that cannot be written fails before the build", () => {
    const place = newDirectory();
    writeFileSync(join(place, "file"), "");
    expect(() => fileOutput(0, join(place, "none/out.tar"))).toThrow(
      new LuakitError("file.write", `cannot write ${place}/none/out.tar: its directory does not exist`),
    );
    expect(() => fileOutput(0, join(place, "file/out.tar"))).toThrow("a part of the path is no directory");
  });

  test("that the daemon never sent is an error of its own", () => {
    const path = join(newDirectory(), "out.tar");
    const outputs = open([fileOutput(0, path)]);
    expect(() => outputs.commit()).toThrow(`the daemon sent nothing for ${path}`);
  });

  test("on a full disk is one error that names it", async () => {
    const outputs = open([fileOutput(0, "/dev/full")]);
    const call = outputs.call(exporter(0));
    write(call, "data");
    await end(call);
    const text = "cannot write /dev/full: no space left on the disk";
    expect(await call.finished).toMatchObject({ code: 2, message: text });
    expect(outputs.failures.map(({ code, message }) => [code, message])).toEqual([["file.write", text]]);
  });

  test("comes once", async () => {
    const outputs = open([fileOutput(0, join(newDirectory(), "out.tar"))]);
    outputs.call(exporter(0));
    expect(await outputs.call(exporter(0)).finished).toMatchObject({
      code: 2,
      message: expect.stringContaining("already"),
    });
  });
});

describe("a sink of one's own", () => {
  /** A reader that takes what it is given only when it is told to. */
  class SlowSink implements FileSink {
    readonly received: Uint8Array[] = [];
    state = "open";
    #go: (() => void) | undefined;

    write(bytes: Uint8Array): Promise<void> {
      this.received.push(new Uint8Array(bytes));
      return new Promise((resolve) => {
        this.#go = resolve;
      });
    }

    close(): Promise<void> {
      this.state = "closed";
      return Promise.resolve();
    }

    abort(): void {
      this.state = "aborted";
    }

    take(): void {
      this.#go?.();
    }
  }

  const output = (sink: FileSink | undefined, seen: Metadata[] = []): FileOutput => ({
    kind: "file",
    exporterId: 3,
    open(metadata) {
      seen.push(metadata);
      return sink;
    },
    commit: () => {},
    discard: () => {},
  });

  test("gets what the exporter says of itself", async () => {
    const seen: Metadata[] = [];
    const metadata: Metadata = [...exporter(3), ["exporter-md-containerimage.digest", "sha256:1"]];
    open([output(new SlowSink(), seen)]).call(metadata);
    expect(seen).toEqual([metadata]);
  });

  test("that is slow holds the daemon back, and gets all in order", async () => {
    const sink = new SlowSink();
    const call = open([output(sink)]).call(exporter(3));
    let paused = 0;
    const pause = call.pause.bind(call);
    call.pause = () => {
      paused++;
      pause();
    };
    const chunk = 1024 * 1024;
    for (let count = 0; count < 40; count++) write(call, new Uint8Array(chunk).fill(count));
    await Bun.sleep(20);
    expect(paused).toBe(1);
    expect(sink.received.length).toBeLessThan(12);
    for (let count = 0; count < 200 && sink.received.length < 40; count++) {
      sink.take();
      await Bun.sleep(1);
    }
    sink.take();
    await end(call);
    expect(await call.finished).toMatchObject({ code: 0 });
    expect(sink.received.map((bytes) => [bytes.length, bytes[0]])).toEqual(
      Array.from({ length: 40 }, (_, index) => [chunk, index]),
    );
    expect(sink.state).toBe("closed");
  });

  test("may have it already", async () => {
    expect(await open([output(undefined)]).call(exporter(3)).finished).toMatchObject({ code: 6 });
  });
});

describe("a directory", () => {
  const list = (call: LocalCall, ...names: string[]) => {
    const packets = new PacketWriter();
    const stat = {
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: 0,
      modTime: 0n,
      linkname: "",
      devmajor: 0,
      devminor: 0,
      xattrs: [],
    };
    for (const [id, path] of names.entries()) {
      call.take(packets.stat({ ...stat, path }));
      call.take(packets.endOfFile(id));
    }
    call.take(packets.endOfList());
    call.take(packets.fin());
  };

  test("takes several transfers at once, one for each platform", async () => {
    const path = join(newDirectory(), "out");
    const outputs = open([{ kind: "directory", exporterId: 1, path, mode: "copy" }]);
    const calls = [outputs.call(exporter(1)), outputs.call(exporter(1))];
    for (const [index, call] of calls.entries()) list(call, `${index}a`, `${index}b`);
    for (const call of calls) expect(await call.finished).toMatchObject({ code: 0 });
    expect(readdirSync(path).sort()).toEqual(["0a", "0b", "1a", "1b"]);
  });

  test("that was made for a build that fails goes, and the directories above it that were made too", async () => {
    const above = newDirectory();
    const outputs = open([{ kind: "directory", exporterId: 1, path: join(above, "a/b/out"), mode: "copy" }]);
    const call = outputs.call(exporter(1));
    list(call, "x", "y");
    expect(await call.finished).toMatchObject({ code: 0 });
    outputs.discard();
    expect(readdirSync(above)).toEqual([]);
  });

  test("that was there loses what a build that fails has made, and nothing else", async () => {
    const path = newDirectory();
    mkdirSync(join(path, "dir"));
    for (const name of ["mine", "dir/mine", "replaced"]) writeFileSync(join(path, name), name);
    const outputs = open([{ kind: "directory", exporterId: 1, path, mode: "copy" }]);
    const packets = new PacketWriter();
    const call = outputs.call(exporter(1));
    const entry = { uid: 0, gid: 0, size: 0, modTime: 0n, linkname: "", devmajor: 0, devminor: 0, xattrs: [] };
    const directory = (fileMode.directory | 0o555) >>> 0;
    const entries = [
      ["dir", directory],
      ["dir/made", 0o644],
      ["fresh", directory],
      ["fresh/deep", directory],
      ["fresh/deep/made", 0o644],
      ["made", 0o644],
      ["replaced", 0o644],
      ["unfinished", 0o644],
    ] as const;
    for (const [path, mode] of entries) call.take(packets.stat({ ...entry, path, mode }));
    for (const id of [1, 4, 5, 6]) call.take(packets.endOfFile(id));
    call.take(packets.data(7, 3, (buffer, start) => buffer.write("abc", start)) ?? new Uint8Array());
    await Bun.sleep(5);
    expect(existsSync(join(path, "fresh/deep/made"))).toBe(true);
    outputs.discard();
    call.take(packets.endOfFile(7));
    expect(readdirSync(path, { recursive: true }).toSorted()).toEqual(["dir", "dir/mine", "mine", "replaced"]);
    expect(readFileSync(join(path, "replaced"), "utf8")).toBe("");
    expect(await outputs.call(exporter(1)).finished).toMatchObject({ message: "exporter 1 not found" });
  });

  test("is mirrored only from a daemon that sends all at once", async () => {
    const path = newDirectory();
    mkdirSync(join(path, "old"));
    const outputs = open([{ kind: "directory", exporterId: 0, path, mode: "delete" }]);
    const refused = await outputs.call(exporter(0)).finished;
    expect(refused.message).toContain("mode=delete needs a daemon that sends all platforms at once");
    expect(outputs.failures.map(({ message }) => message)).toEqual([refused.message]);
    expect(readdirSync(path)).toEqual(["old"]);
    const call = outputs.call([...exporter(0), ["buildkit-exporter-multi-platform", "1"]]);
    list(call, "new");
    expect(await call.finished).toMatchObject({ code: 0 });
    expect(readdirSync(path)).toEqual(["new"]);
  });
});

test("an exporter that nobody asked for is refused", async () => {
  const outputs = open([]);
  expect(await outputs.call(exporter(2)).finished).toMatchObject({ code: 2, message: "exporter 2 not found" });
});
