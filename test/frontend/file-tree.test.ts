import { expect, test } from "bun:test";
import { localRoot } from "../../src/frontend/file-root.ts";
import type { FileTree } from "../../src/frontend/file-tree.ts";
import { makeStatus, rpcError, statusCode } from "../../src/rpc/status.ts";
import { fakeClient, platform } from "./fake-client.ts";

const cancelled = () => rpcError(makeStatus(statusCode.cancelled, "context canceled"));

/** A directory of which the daemon says so many times that reading it was cancelled. */
function treeOf(files: Readonly<Record<string, string>> | undefined, times: number, error = cancelled) {
  const { gateway, solved } = fakeClient({ sources: files === undefined ? {} : { "local://dir": files } });
  const broken = new Set<string>();
  const solve: typeof gateway.solve = async (definition) => {
    const result = await gateway.solve(definition);
    if (solved.length <= times) broken.add(`${solved.length}`);
    return { ...result, reference: { id: `${solved.length}`, definition: undefined } };
  };
  const readFile: typeof gateway.readFile = (reference, path) =>
    broken.has(reference) ? Promise.reject(error()) : gateway.readFile("local://dir", path);
  const failing = { ...gateway, solve, readFile };
  const options = { platform, sessionId: undefined };
  const tree = localRoot(failing, "dir", options).open({ paths: ["a", "b"], title: "files" });
  return { tree, solved };
}

const text = async (tree: FileTree, path: string) => {
  const answer = await tree.read(path);
  return typeof answer === "string" ? answer : new TextDecoder().decode(answer);
};

test("what the daemon calls cancelled is asked for once more, by all readers together, with another cache key", async () => {
  const { tree, solved } = treeOf({ a: "A", b: "B" }, 1);
  expect(await Promise.all(["a", "b", "c"].map((path) => text(tree, path)))).toEqual(["A", "B", "no file"]);
  expect(await text(tree, "a")).toBe("A");
  expect(solved.map(({ attributes }) => attributes["local.followpaths"])).toEqual(['["a","b"]', '["a","b","a","b"]']);
  expect(await treeOf(undefined, 1).tree.read("a")).toBe("no directory");
});

test("it is asked for once more, not for ever, and nothing else is", async () => {
  const twice = treeOf({ a: "A" }, 2);
  await expect(twice.tree.read("a")).rejects.toThrow("context canceled");
  expect(twice.solved).toHaveLength(2);
  const other = treeOf({ a: "A" }, 1, () => rpcError(makeStatus(statusCode.cancelled, "the call was cancelled")));
  await expect(other.tree.read("a")).rejects.toThrow("the call was cancelled");
  expect(other.solved).toHaveLength(1);
});

test("a file that is too large is told from a disk of the daemon that is full", async () => {
  const failing = (message: string) => treeOf({}, 1, () => rpcError(makeStatus(statusCode.resourceExhausted, message)));
  const large = "grpc: trying to send message larger than max (17825792 vs. 16777216)";
  await expect(failing(large).tree.read("a")).rejects.toThrow('"a" is larger than 16 MiB');
  const full = "write /root/ref: no space left on device";
  await expect(failing(full).tree.read("a")).rejects.toThrow(full);
});
