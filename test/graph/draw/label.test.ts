import { describe, expect, test } from "bun:test";
import { cutText, labelOf } from "../../../src/graph/draw/label.ts";
import type { GraphVertex } from "../../../src/graph/graph.ts";

function vertex(kind: GraphVertex["kind"], name: string, more: Partial<GraphVertex> = {}): GraphVertex {
  const metadata = { description: new Map<string, string>(), ignoreCache: false, caps: [] };
  return { number: 1, digest: "sha256:0", kind, name, details: [], inputs: [], locations: [], metadata, ...more };
}

describe("the label of a vertex", () => {
  test.each([
    ["docker-image://docker.io/library/busybox:latest", "busybox:latest", "image"],
    ["docker-image://docker.io/moby/buildkit:v1", "moby/buildkit:v1", "image"],
    [`docker-image://reg:5000/a@sha256:${"ab".repeat(32)}`, "reg:5000/a@sha256:abababa", "image"],
    ["local://context", "context", "local"],
    ["git://github.com/a/b.git#main", "github.com/a/b.git#main", "git"],
    ["https://example.org/dir/file.tar.gz?x=y", "file.tar.gz", "http"],
    ["https://example.org/", "example.org", "http"],
    ["something://else", "something://else", "Source"],
  ])("of %s is short", (name, short, type) => {
    expect(labelOf(vertex("Source", name))).toEqual({ name: short, note: type });
  });

  test("leaves the shell out of a command, and says where it stands", () => {
    const locations = [{ file: "lib/go.lua", line: 7 }];
    const metadata = { description: new Map<string, string>(), progressGroup: "backend", ignoreCache: false, caps: [] };
    expect(labelOf(vertex("Exec", "/bin/sh -c make all", { locations, metadata }))).toEqual({
      name: "make all",
      note: "Exec · backend · lib/go.lua:7",
    });
  });

  test("has no control characters and is never empty", () => {
    expect(labelOf(vertex("Exec", "a\u001b[31m\nb")).name).toBe("a\\x1b[31m\\nb");
    expect(labelOf(vertex("File", "")).name).toBe("File");
  });
});

test("text is cut by columns, not within a character", () => {
  expect(cutText("abcdef", 6)).toBe("abcdef");
  expect(cutText("abcdefg", 6)).toBe("abcde…");
  expect(cutText("日本語日本語", 7)).toBe("日本語…");
  expect(cutText("ab 😀😀", 5)).toBe("ab…");
});
