import { expect, test } from "bun:test";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { run } from "../../src/llb/exec.ts";
import { bindMount, cacheMount, secretMount, sshMount, tmpfsMount } from "../../src/llb/mount.ts";
import { local } from "../../src/llb/source-local.ts";
import { scratch } from "../../src/llb/state.ts";
import { decodeOps } from "../support/definition.ts";
import { alpine, define } from "./sample.ts";

const context = local("context", {}, {});

test.each(["", "/", "/a/..", "//", "a\0"])("nothing is mounted at %p", (dest) => {
  expect(() => tmpfsMount(dest, {})).toThrow("dest");
});

test("ids default to what the destination says", () => {
  expect(cacheMount("/root/.cache/", {}, {}).id).toBe("/root/.cache");
  expect(secretMount("/run/secrets/token", {}).id).toBe("token");
  expect(sshMount({})).toMatchObject({ id: "", mode: 0o600, dest: undefined });
});

test("a cache with an owner starts with an internal directory of that owner", () => {
  const mount = cacheMount("/c", { uid: 5, mode: 0o700 }, {});
  expect(mount.selector).toBe("/cache");
  const ops = decodeOps(encodeDefinition(define(mount.source)));
  expect(ops[0].op.value).toMatchObject({
    actions: [{ action: { case: "mkdir", value: { path: "/cache", mode: 0o700 } } }],
  });
});

test("a cache with an owner and contents has both", () => {
  const mount = cacheMount("/c", { gid: 5, from: context, selector: "sub" }, {});
  const file = decodeOps(encodeDefinition(define(mount.source))).at(-1);
  expect(file?.op.value).toMatchObject({
    actions: [
      { action: { case: "mkdir" } },
      { action: { case: "copy", value: { src: "/sub", dest: "/cache/", dirCopyContents: true } } },
    ],
  });
});

test.each([
  [() => bindMount(context, "/x", { readonly: false, selector: "/s", contentCache: "on" }), "content_cache"],
  [() => cacheMount("/x", { selector: "/s" }, {}), "selector"],
  [() => cacheMount("/x", { id: "" }, {}), "id"],
  [() => cacheMount("/x", { mode: 0o1777 }, {}), "mode"],
  [() => secretMount("/x", { id: "" }), "id"],
  [() => secretMount("/x", { mode: 0o1000 }), "mode"],
  [() => sshMount({ dest: "" }), "dest"],
  [() => sshMount({ uid: -1 }), "uid"],
  [() => tmpfsMount("/x", { size: -1 }), "size"],
])("%p is refused", (mount, message) => {
  expect(mount).toThrow(message);
});

test("two mounts at one place are refused, also when only the base image's directory shows it", () => {
  const twice = [tmpfsMount("/a", {}), tmpfsMount("/a/", {})];
  expect(() => run(alpine, "x", { mounts: twice }, {})).toThrow('two mounts at "/a"');
  const relative = run(alpine, "x", { mounts: [tmpfsMount("a", {}), tmpfsMount("/w/a", {})] }, {});
  const configOf = () => ({ env: [], workingDir: "/w", user: "" });
  expect(() => define(relative, { configOf })).toThrow('two mounts at "/w/a"');
  expect(() => define(run(alpine, "x", { mounts: [bindMount(scratch, "../..", {})] }, {}))).toThrow(
    "would hide the root",
  );
});
