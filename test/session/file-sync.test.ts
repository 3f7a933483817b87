import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Metadata } from "../../src/rpc/metadata.ts";
import { fileSync, openLibcOnce, rehearse } from "../../src/session/file-sync.ts";
import { toText } from "../../src/session/fsutil/byte-string.ts";
import { packetType, readPacket } from "../../src/session/fsutil/packet.ts";
import { PacketWriter } from "../../src/session/fsutil/packet-writer.ts";
import { LocalCall } from "./fsutil/call-pair.ts";

const place = mkdtempSync(join(tmpdir(), "luakit-sync-"));
afterAll(() => rmSync(place, { recursive: true }));
for (const path of ["a b", "é+/x", "c/d", "secret"]) {
  mkdirSync(join(place, "ctx", path), { recursive: true });
  writeFileSync(join(place, "ctx", path, "file"), path);
}

/** The paths that a call with this metadata is sent. */
async function list(metadata: Metadata): Promise<string[]> {
  const call = new LocalCall(metadata);
  const [[path, handler] = ["", () => {}]] = fileSync([{ name: "context", path: join(place, "ctx") }]);
  expect(path).toBe("/moby.filesync.v1.FileSync/DiffCopy");
  handler(call);
  for (let count = 0; count < 2000; count++) {
    if (call.sent.some((message) => message.length === 0)) break;
    await Bun.sleep(1);
  }
  call.take(new PacketWriter().fin());
  expect(await call.finished).toMatchObject({ code: 0 });
  return call.sent.map(readPacket).flatMap(({ stat }) => (stat === undefined ? [] : [toText(stat.path)]));
}

describe("a directory is sent", () => {
  test("whole without rules", async () => {
    const paths = await list([["dir-name", "context"]]);
    expect(paths).toEqual([
      "a b",
      "a b/file",
      "c",
      "c/d",
      "c/d/file",
      "secret",
      "secret/file",
      "é+",
      "é+/x",
      "é+/x/file",
    ]);
  });

  test("by rules that come as repeated fields, plain ones as they are", async () => {
    const paths = await list([
      ["dir-name", "context"],
      ["include-patterns", "a b"],
      ["include-patterns", "c"],
      ["exclude-patterns", "**/d"],
    ]);
    expect(paths).toEqual(["a b", "a b/file", "c"]);
  });

  test("by rules that are escaped when one of them is not ASCII", async () => {
    const paths = await list([
      ["dir-name", "context"],
      ["include-patterns", "%C3%A9%2B"],
      ["include-patterns", "a+b"],
      ["include-patterns-encoded", "1"],
    ]);
    expect(paths).toEqual(["a b", "a b/file", "é+", "é+/x", "é+/x/file"]);
  });

  test("by paths to follow", async () => {
    expect(
      await list([
        ["dir-name", "context"],
        ["followpaths", "c/d"],
      ]),
    ).toEqual(["c", "c/d", "c/d/file"]);
  });
});

describe("a call is refused", () => {
  const refuse = async (metadata: Metadata, path = join(place, "ctx")) => {
    const failures: string[] = [];
    const call = new LocalCall(metadata);
    const service = fileSync([{ name: "context", path }], { onFailure: ({ message }) => failures.push(message) });
    service[0]?.[1](call);
    return { status: await call.finished, failures, sent: call.sent };
  };

  test("for a name that was not given", async () => {
    const { status, sent } = await refuse([["dir-name", "other"]]);
    expect(status).toMatchObject({ code: 5, message: 'no access allowed to dir "other"' });
    expect(sent).toEqual([]);
    expect((await refuse([])).status).toMatchObject({ code: 5, message: 'no access allowed to dir ""' });
  });

  test("for a directory that is gone, which is named", async () => {
    const { status, failures } = await refuse([["dir-name", "context"]], join(place, "gone"));
    expect(status).toMatchObject({ code: 2, message: `cannot read ${place}/gone: it does not exist` });
    expect(failures).toEqual([status.message]);
  });

  test("for what is neither a directory nor a file", async () => {
    const { status } = await refuse([["dir-name", "context"]], "/dev/null");
    expect(status.message).toBe("cannot read /dev/null: it is neither a directory nor a file");
  });

  test("for a malformed pattern", async () => {
    const { status, sent } = await refuse([
      ["dir-name", "context"],
      ["exclude-patterns", "a["],
    ]);
    expect(status.message).toBe('invalid exclude patterns "a[": syntax error in pattern "a["');
    expect(sent.map(readPacket).map(({ type }) => type)).toEqual([packetType.error]);
  });
});

test("a rehearsal leaves no file open", async () => {
  const libc = openLibcOnce();
  await rehearse(libc);
  await Bun.sleep(0);
  const before = readdirSync("/proc/self/fd").length;
  await rehearse(libc);
  await Bun.sleep(0);
  expect(readdirSync("/proc/self/fd").length).toBe(before);
  expect(libc()).toBe(libc());
});
