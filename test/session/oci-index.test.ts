import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findInIndex, putInIndex } from "../../src/session/oci-index.ts";
import { rejectionOf } from "../image/failure.ts";

setDefaultTimeout(30_000);

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "luakit-index-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const fresh = () => mkdtempSync(join(root, "dir-"));
const digest = (digit: number) => `sha256:${String(digit).repeat(64)}`;
const descriptor = (digit: number) => ({
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  digest: digest(digit),
  size: digit,
});
const tagKey = "org.opencontainers.image.ref.name";
const imageKey = "io.containerd.image.name";
const readIndex = (directory: string) => JSON.parse(readFileSync(join(directory, "index.json"), "utf8"));

describe("putInIndex", () => {
  test("makes a layout", async () => {
    const directory = join(fresh(), "a", "b");
    await putInIndex(directory, descriptor(1), [{ tag: "latest" }]);
    expect(readdirSync(directory).sort()).toEqual(["index.json", "oci-layout"]);
    expect(readFileSync(join(directory, "oci-layout"), "utf8")).toBe('{"imageLayoutVersion":"1.0.0"}');
    expect(readIndex(directory)).toEqual({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [{ ...descriptor(1), annotations: { [tagKey]: "latest" } }],
    });
  });

  test("replaces what has the tag, and keeps other entries and annotations", async () => {
    const directory = fresh();
    await putInIndex(directory, descriptor(1), [{ tag: "latest" }]);
    await putInIndex(directory, descriptor(2), [{ tag: "other" }]);
    await putInIndex(directory, descriptor(3), [{ image: "docker.io/library/app:latest" }]);
    await putInIndex(directory, { ...descriptor(4), annotations: { a: "b" } }, [{ tag: "latest" }]);
    expect(readIndex(directory).manifests.map((each: { digest: string }) => each.digest)).toEqual(
      [2, 3, 4].map(digest),
    );
    expect(readIndex(directory).manifests[2].annotations).toEqual({ a: "b", [tagKey]: "latest" });
  });

  test("puts an image once under each name, with its tag", async () => {
    const directory = fresh();
    const names = [
      "docker.io/library/app:1",
      "reg:5000/app:2",
      `reg/app@${digest(9)}`,
      "reg/app",
      `reg/app:3@${digest(9)}`,
    ];
    await putInIndex(
      directory,
      descriptor(1),
      [...names, names[0] ?? ""].map((image) => ({ image })),
    );
    const entries: { annotations: Record<string, string> }[] = readIndex(directory).manifests;
    expect(Object.fromEntries(entries.map(({ annotations }) => [annotations[imageKey], annotations[tagKey]]))).toEqual({
      "docker.io/library/app:1": "1",
      "reg:5000/app:2": "2",
      [`reg/app@${digest(9)}`]: `@${digest(9)}`,
      "reg/app": "",
      [`reg/app:3@${digest(9)}`]: `3@${digest(9)}`,
    });
    expect(entries).toHaveLength(5);
  });

  test("keeps what it does not know", async () => {
    const directory = fresh();
    const odd = {
      schemaVersion: 2,
      manifests: [{ ...descriptor(1), platform: { os: "linux" } }],
      annotations: { x: "y" },
      more: [1],
    };
    writeFileSync(join(directory, "index.json"), JSON.stringify(odd));
    await putInIndex(directory, descriptor(2), [{ tag: "t" }]);
    expect(readIndex(directory)).toMatchObject({ annotations: { x: "y" }, more: [1] });
    expect(readIndex(directory).manifests[0]).toEqual(odd.manifests[0]);
  });

  test("from many at once loses none", async () => {
    const directory = fresh();
    const tags = Array.from({ length: 20 }, (_, index) => `t${index}`);
    await Promise.all(tags.map((tag) => putInIndex(directory, descriptor(1), [{ tag }])));
    expect(readIndex(directory).manifests).toHaveLength(20);
    expect(readdirSync(directory).sort()).toEqual(["index.json", "oci-layout"]);
  });

  test("waits for a Go program that has the lock", async () => {
    const directory = fresh();
    const lock = join(directory, "index.json.lock");
    const holder = Bun.spawn(["flock", lock, "sh", "-c", "echo held; sleep 0.3"], { stdout: "pipe" });
    await holder.stdout.getReader().read();
    const started = performance.now();
    await putInIndex(directory, descriptor(1), [{ tag: "t" }]);
    expect(performance.now() - started).toBeGreaterThan(200);
  });

  test("leaves a broken index alone and names it", async () => {
    const directory = fresh();
    writeFileSync(join(directory, "index.json"), "{");
    const error = await rejectionOf(putInIndex(directory, descriptor(1), [{ tag: "t" }]));
    expect(error.code).toBe("oci.layout");
    expect(error.message).toBe(`the OCI layout ${directory}: index.json is not a JSON object`);
    expect(readFileSync(join(directory, "index.json"), "utf8")).toBe("{");
  });

  test("to a place that cannot be written says so", async () => {
    const error = await rejectionOf(putInIndex("/proc/none", descriptor(1), [{ tag: "t" }]));
    expect(error.code).toBe("file.write");
    expect(error.message).toStartWith("cannot write /proc/none/index.json: ");
  });
});

describe("findInIndex", () => {
  test("finds tags and names, names first", async () => {
    const directory = fresh();
    await putInIndex(directory, descriptor(1), [{ tag: "docker.io/library/app:1" }]);
    await putInIndex(directory, descriptor(2), [{ image: "docker.io/library/app:1" }]);
    await putInIndex(directory, descriptor(3), [{ tag: "latest" }]);
    expect(await findInIndex(directory, "docker.io/library/app:1")).toBe(digest(2));
    expect(await findInIndex(directory, "1")).toBe(digest(2));
    expect(await findInIndex(directory, "latest")).toBe(digest(3));
    expect(await findInIndex(directory, "none")).toBeUndefined();
    expect(existsSync(join(directory, "index.json.lock"))).toBe(false);
  });

  test("of a directory without an index says so", async () => {
    const directory = fresh();
    expect((await rejectionOf(findInIndex(directory, "a"))).message).toBe(
      `the OCI layout ${directory}: there is no index.json`,
    );
    expect((await rejectionOf(findInIndex(join(directory, "none"), "a"))).code).toBe("oci.layout");
    expect(readdirSync(directory)).toEqual([]);
    for (const text of ["[]", "x", '{"manifests":3}', '{"manifests":[1,{}]}']) {
      writeFileSync(join(directory, "index.json"), text);
      const found = findInIndex(directory, "a");
      if (text.startsWith("{")) expect(await found).toBeUndefined();
      else expect((await rejectionOf(found)).message).toEndWith("index.json is not a JSON object");
    }
  });
});
