import { expect, test } from "bun:test";
import { parseMirrors } from "../../src/cli/open-resolver.ts";

test("mirrors are listed by host, several in order", () => {
  expect(parseMirrors("")).toEqual({});
  expect(parseMirrors("docker.io=localhost:5000, ghcr.io=https://mirror ,docker.io=other:1")).toEqual({
    "docker.io": ["localhost:5000", "other:1"],
    "ghcr.io": ["https://mirror"],
  });
});

test("what is no mirror is refused", () => {
  for (const wrong of ["docker.io", "=x", "docker.io="]) {
    expect(() => parseMirrors(wrong)).toThrow(`LUAKIT_REGISTRY_MIRRORS: "${wrong}" is not HOST=MIRROR`);
  }
});
