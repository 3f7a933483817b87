import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { parseProgressMode, settleMode } from "../../src/progress/mode.ts";

const output = (isTerminal: boolean) => ({ write() {}, columns: () => 80, rows: () => 24, isTerminal, color: false });

function refusal(run: () => unknown): LuakitError {
  try {
    run();
  } catch (error) {
    if (error instanceof LuakitError) return error;
  }
  throw new Error("nothing was refused");
}

test("the flag comes before the variable, and that before auto", () => {
  expect(parseProgressMode("plain", { BUILDKIT_PROGRESS: "tty" })).toBe("plain");
  expect(parseProgressMode(undefined, { BUILDKIT_PROGRESS: "rawjson" })).toBe("rawjson");
  expect(parseProgressMode(undefined, { BUILDKIT_PROGRESS: "" })).toBe("auto");
  expect(parseProgressMode(undefined, {})).toBe("auto");
});

test("unknown modes name the nearest one and where they come from", () => {
  const wrong = refusal(() => parseProgressMode("pain", {}));
  expect([wrong.code, wrong.message]).toEqual(["usage", '--progress: unknown mode "pain" (did you mean "plain"?)']);
  expect(refusal(() => parseProgressMode(undefined, { BUILDKIT_PROGRESS: "ttyy" })).message).toStartWith(
    "BUILDKIT_PROGRESS: ",
  );
});

test("auto is tty on a terminal that can move its cursor", () => {
  expect(settleMode("auto", output(true), { TERM: "xterm" })).toBe("tty");
  expect(settleMode("auto", output(true), { TERM: "dumb" })).toBe("plain");
  expect(settleMode("auto", output(false), { TERM: "xterm" })).toBe("plain");
  expect(settleMode("auto", output(true), { TERM: "xterm", CI: "true" })).toBe("plain");
  expect(settleMode("auto", output(true), { TERM: "xterm", CI: "false" })).toBe("tty");
  expect(settleMode("tty", output(true), { TERM: "xterm", CI: "true" })).toBe("tty");
  expect(settleMode("quiet", output(true), {})).toBe("quiet");
});

test("tty needs a terminal", () => {
  expect(settleMode("tty", output(true), {})).toBe("tty");
  expect(refusal(() => settleMode("tty", output(false), {})).code).toBe("usage");
});
