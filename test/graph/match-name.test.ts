import { describe, expect, test } from "bun:test";
import { matchNames, nameAlone } from "../../src/graph/match-name.ts";

const digest = `sha256:${"a".repeat(64)}`;
const busybox = "docker-image://docker.io/library/busybox:latest";
const pinned = `docker-image://docker.io/library/alpine:3@${digest}`;
const nameOf = matchNames([
  busybox,
  pinned,
  "local://src",
  "make",
  "https://xxxxx@host/x",
  "docker-image://?",
  "[context k] v",
]);

describe("the name of a traced vertex", () => {
  test.each([
    ["a step", "make", "make"],
    ["an image", busybox, busybox],
    ["an image with the digest that the build found", `${busybox}@${digest}`, busybox],
    ["an image with the graph's own digest", pinned, pinned],
    ["an image with the digest of another build", `${pinned.slice(0, -4)}bbbb`, `${pinned.slice(0, -4)}bbbb`],
    ["a context for an image", "[context busybox] docker.io/library/busybox:musl", busybox],
    ["a context for one platform of it", "[context busybox::linux/arm64] load from client", busybox],
    ["a context for a directory", "[context src] https://example.com/x.tar", "local://src"],
    ["a context for a pinned image", "[context alpine:3] x", "[context alpine:3] x"],
    ["a context that the graph has", "[context k] v", "[context k] v"],
    ["a context of something else", "[context other] x", "[context other] x"],
    ["an URL with a password", "https://token@host/x", "https://xxxxx@host/x"],
  ])("%s", (_, traced, expected) => {
    expect(nameOf(traced)).toBe(expected);
  });

  test("is not guessed where an image and a directory have the same name", () => {
    const both = matchNames([busybox, "local://busybox"]);
    expect(both("[context busybox] load from client")).toBe("[context busybox] load from client");
    expect(both(`${busybox}@${digest}`)).toBe(busybox);
  });
});

test("merges and diffs are told apart by what they do, not by the names of their inputs", () => {
  expect(nameAlone("merge (a, b)", 2)).toBe(nameAlone("merge (c, d…", 2));
  expect(nameAlone("diff (a) -> (b)", 2)).toBe("diff");
  expect(nameAlone("diff scratch -> (a)", 1)).not.toBe(nameAlone("diff (a) -> scratch", 1));
  expect(nameAlone("diff a b", 1)).toBe("diff a b");
});
