import { expect, test } from "bun:test";
import { symlinkAction } from "../../src/llb/action.ts";
import { copyAction } from "../../src/llb/action-copy.ts";
import { run } from "../../src/llb/exec.ts";
import { type FileAction, fileOp } from "../../src/llb/file.ts";
import { merge } from "../../src/llb/merge.ts";
import { git } from "../../src/llb/source-git.ts";
import { image } from "../../src/llb/source-image.ts";
import { type State, scratch } from "../../src/llb/state.ts";
import type { StepDefaults } from "../../src/llb/step-defaults.ts";
import { noBaseImages } from "../../src/script/base-images.ts";
import { defineBuild } from "../../src/script/define-build.ts";
import { checkCaps } from "../../src/script/required-caps.ts";

const platform = { os: "linux", architecture: "amd64" };
const location = { source: { name: "build.lua", data: "a\nb\n" }, line: 2 };
const alpine = image("docker.io/library/alpine:3", {}, {});
const old = new Set(["source.image", "file.base"]);
const onLine2 = (state: State, actions: readonly FileAction[]) => fileOp(state, actions, { location });

function check(state: State, supported: ReadonlySet<string> | undefined): void {
  checkCaps(defineBuild({ state, config: {} }, platform, noBaseImages), supported);
}

test("what the daemon lacks is named at its line, with the first BuildKit that has it", () => {
  expect(() => check(onLine2(alpine, [symlinkAction("a", "/b", {})]), old)).toThrow(
    expect.objectContaining({
      message: 'the BuildKit daemon does not support "file.symlink.create"',
      hint: "BuildKit v0.19 or newer has it",
      position: expect.objectContaining({ line: 2 }),
    }),
  );
});

test("a daemon that has it, or does not tell, is let try", () => {
  const linked = onLine2(alpine, [symlinkAction("a", "/b", {})]);
  expect(() => check(linked, new Set([...old, "file.symlink.create"]))).not.toThrow();
  expect(() => check(linked, undefined)).not.toThrow();
});

test("modes of which no daemon tells come with what they do tell", () => {
  const copied = onLine2(alpine, copyAction(scratch, "/a", "/b", { mode: "u+x" }));
  expect(() => check(copied, old)).toThrow('does not support "file.copy.modestring"');
  expect(() => check(copied, new Set([...old, "exec.validexitcode"]))).not.toThrow();
  expect(() => check(onLine2(alpine, copyAction(scratch, "/a", "/b", { mode: 0o755 })), old)).not.toThrow();
  const setuid = onLine2(alpine, copyAction(scratch, "/a", "/b", { mode: 0o4755 }));
  expect(() => check(setuid, old)).toThrow('does not support "special bits in the mode of a copy"');
  expect(() => check(setuid, new Set([...old, "exec.mount.cache.content"]))).not.toThrow();
});

test("directories of repositories, which Go's client does not declare, are named too", () => {
  const known = new Set(["source.git", "source.git.fullurl"]);
  const directory = git("https://a.test/b.git#main:docs", {}, {});
  expect(() => check(directory, known)).toThrow('does not support "source.git.subdir"');
  expect(() => check(directory, new Set([...known, "source.git.subdir"]))).not.toThrow();
  expect(() => check(git("https://a.test/b.git#main", {}, {}), known)).not.toThrow();
});

test("the parent of a step's cgroup, which Go's client does not declare, is named too", () => {
  const known = new Set(["source.image", "exec.meta.base", "exec.mount.bind"]);
  const step = run(alpine, "true", { cgroupParent: "/a" }, {});
  expect(() => check(step, known)).toThrow('does not support "exec.meta.cgroup.parent"');
  expect(() => check(step, new Set([...known, "exec.meta.cgroup.parent"]))).not.toThrow();
});

test("engines that cannot merge are told apart from old daemons", () => {
  const merged = merge([alpine, onLine2(scratch, [symlinkAction("a", "/b", {})])], {});
  expect(() => check(merged, new Set([...old, "file.symlink.create"]))).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("containerd") }),
  );
});

test("what a client asks of all steps is needed by each of them", () => {
  const known = new Set(["source.image", "exec.meta.base", "exec.mount.bind"]);
  const step = run(alpine, "true", {}, { location });
  const checkWith = (steps: StepDefaults) =>
    checkCaps(defineBuild({ state: step, config: {} }, platform, noBaseImages, { steps }), known);
  expect(() => checkWith({ cgroupParent: "/a" })).toThrow('does not support "exec.meta.cgroup.parent"');
  expect(() => checkWith({ shmSize: 5 })).toThrow('does not support "exec.mount.tmpfs"');
  expect(() => checkWith({ resources: new Uint8Array([8, 1]) })).toThrow(
    expect.objectContaining({
      message: 'the BuildKit daemon does not support "exec.meta.linux.resources"',
      position: expect.objectContaining({ line: 2 }),
    }),
  );
  expect(() => checkWith({ hostname: "a" })).not.toThrow();
});
