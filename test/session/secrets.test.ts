import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secrets } from "../../src/gen/secrets.ts";
import { maxSecret } from "../../src/session/secret-limit.ts";
import { type SecretSource, secrets } from "../../src/session/secrets.ts";
import { failureOf, rejectionOf } from "../image/failure.ts";
import { openCaller } from "./caller.ts";

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "luakit-secrets-"));
  writeFileSync(join(root, "token"), "s3cret\n");
  writeFileSync(join(root, "large"), new Uint8Array(maxSecret + 1));
  writeFileSync(join(root, "largest"), new Uint8Array(maxSecret).fill(7));
  mkdirSync(join(root, "directory"));
});

afterAll(() => rmSync(root, { recursive: true }));

async function get(sources: readonly SecretSource[], id: string): Promise<Uint8Array> {
  return (await openCaller(secrets(sources)).unary(Secrets.GetSecret, { ID: id })).data;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("a secret is", () => {
  test("the bytes of a file", async () => {
    expect(text(await get([{ id: "a", path: join(root, "token") }], "a"))).toBe("s3cret\n");
  });

  test("the value of a variable, empty too", async () => {
    const variables = { TOKEN: "s3cret", EMPTY: "" };
    expect(text(await get([{ id: "a", env: "TOKEN", variables }], "a"))).toBe("s3cret");
    expect(text(await get([{ id: "a", env: "EMPTY", variables }], "a"))).toBe("");
  });

  test("a value", async () => {
    expect(text(await get([{ id: "a", value: "grüße" }], "a"))).toBe("grüße");
    expect(await get([{ id: "a", value: Uint8Array.of(0, 255, 10) }], "a")).toEqual(Uint8Array.of(0, 255, 10));
  });

  test("the last one with its id", async () => {
    const sources = [
      { id: "a", value: "first" },
      { id: "b", value: "other" },
      { id: "a", value: "last" },
    ];
    expect(text(await get(sources, "a"))).toBe("last");
    expect(text(await get(sources, "b"))).toBe("other");
  });

  test("as large as a daemon takes", async () => {
    expect(await get([{ id: "a", path: join(root, "largest") }], "a")).toHaveLength(512_000);
  });

  test("what the file has when it is asked for", async () => {
    const path = join(root, "changing");
    writeFileSync(path, "before");
    const caller = openCaller(secrets([{ id: "a", path }]));
    writeFileSync(path, "after");
    expect(text((await caller.unary(Secrets.GetSecret, { ID: "a" })).data)).toBe("after");
  });

  test("what a pipe gave, however often it is asked for", async () => {
    const path = join(root, "pipe");
    Bun.spawnSync(["mkfifo", path]);
    const caller = openCaller(secrets([{ id: "a", path }]));
    const writer = Bun.spawn(["sh", "-c", `printf from-pipe > ${path}`], { stdout: "ignore", stderr: "ignore" });
    const answers = await Promise.all([1, 2].map(() => caller.unary(Secrets.GetSecret, { ID: "a" })));
    await writer.exited;
    expect(answers.map(({ data }) => text(data))).toEqual(["from-pipe", "from-pipe"]);
    expect(text((await caller.unary(Secrets.GetSecret, { ID: "a" })).data)).toBe("from-pipe");
  });
});

test("an unknown id is NotFound", async () => {
  const error = await rejectionOf(get([{ id: "a", value: "s3cret" }], "b"));
  expect(error.code).toBe("rpc.not-found");
  expect(error.message).toBe("secret b: not found");
});

describe("is refused at once:", () => {
  test.each<[string, SecretSource, string]>([
    ["a missing file", { id: "a", path: "/none/of" }, 'the secret "a": there is no file /none/of'],
    ["an unset variable", { id: "a", env: "NONE", variables: {} }, 'the secret "a": the variable NONE is not set'],
    ["a large value", { id: "a", value: "x".repeat(maxSecret + 1) }, 'the secret "a": it is larger than 500 KiB'],
  ])("%s", (_, source, message) => {
    const error = failureOf(() => secrets([source]));
    expect(error.code).toBe("secret.invalid");
    expect(error.message).toBe(message);
  });

  test("a directory, a large file, one that may not be read", () => {
    expect(failureOf(() => secrets([{ id: "a", path: join(root, "directory") }])).message).toEndWith("is a directory");
    expect(failureOf(() => secrets([{ id: "a", path: join(root, "large") }])).message).toEndWith("larger than 500 KiB");
    const hidden = join(root, "hidden");
    writeFileSync(hidden, "s3cret");
    chmodSync(hidden, 0);
    if (process.getuid?.() !== 0) {
      expect(failureOf(() => secrets([{ id: "a", path: hidden }])).message).toEndWith("hidden may not be read");
    }
  });

  test("no id", () => {
    expect(failureOf(() => secrets([{ id: "", value: "s3cret" }])).code).toBe("usage");
  });
});

test("a file that grew too large or is gone fails the request, without its text", async () => {
  const path = join(root, "grows");
  writeFileSync(path, "small");
  const caller = openCaller(secrets([{ id: "a", path }]));
  writeFileSync(path, "s3cret".repeat(100_000));
  const large = await rejectionOf(caller.unary(Secrets.GetSecret, { ID: "a" }));
  expect(large.message).toBe('the secret "a": it is larger than 500 KiB');
  rmSync(path);
  const gone = await rejectionOf(caller.unary(Secrets.GetSecret, { ID: "a" }));
  expect(gone.message).toBe(`the secret "a": there is no file ${path}`);
});
