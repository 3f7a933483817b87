import { describe, expect, test } from "bun:test";
import type { RunOptions } from "../../src/llb/exec.ts";
import { run } from "../../src/llb/exec.ts";
import { marshal } from "../../src/llb/marshal.ts";
import { local } from "../../src/llb/source-local.ts";
import type { State } from "../../src/llb/state.ts";

const platform = { os: "linux", architecture: "amd64" };
const base = local("context", {}, {});

/** The bytes of the ops, and those that the encoder of all steps writes: it is asked where a daemon is known. */
function bothWays(state: State): readonly Uint8Array[] {
  const supported = new Set(["exec.meta.setsdefaultpath"]);
  return [marshal(state, { platform }).bytes, marshal(state, { platform, supported }).bytes];
}

function expectAlike(command: string | readonly string[], options: RunOptions): void {
  const [plain, general] = bothWays(run(run(base, command, options, {}), command, options, {}));
  expect(plain).toEqual(general ?? new Uint8Array());
}

describe("a plain step is written as by the encoder of all steps", () => {
  test("with commands of all sizes around those of one byte", () => {
    for (let size = 1; size < 300; size++) expectAlike("x".repeat(size), {});
  });

  test("with variables of all sizes around those of one byte", () => {
    for (let size = 0; size < 200; size++) expectAlike("x", { env: new Map([["NAME", "y".repeat(size)]]), cwd: "/" });
  });

  test("with text beyond ASCII", () => {
    expectAlike("echo é", {});
    expectAlike("echo \u{1f600}", { env: new Map([["NAME", "ü"]]) });
    expectAlike("x", { cwd: "/ö", user: "ä" });
  });

  test("with lists of arguments and other settings", () => {
    expectAlike(["a"], { user: "nobody", cwd: "/srv" });
    expectAlike(["a", "b", "c"], { platform: { os: "linux", architecture: "arm64" } });
    expectAlike("x", { shell: ["/bin/bash", "-c"], network: "sandbox", security: "sandbox" });
  });
});

test("steps in a row share no more than they have in common", () => {
  let state = run(base, "one", { cwd: "/a" }, {});
  state = run(state, "two", { cwd: "/b" }, {});
  state = run(state, ["three", "four"], { user: "app" }, {});
  state = run(state, ["four", "four"], { platform: { os: "linux", architecture: "arm64" } }, {});
  const [plain, general] = bothWays(state);
  expect(plain).toEqual(general ?? new Uint8Array());
});
