import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { cannotRead, cannotWrite, describeSystemError, errorCode, isGone } from "../../src/diagnostic/system-error.ts";

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const coded = (code: string, message = `${code}: words of the system, open '/x'`) =>
  Object.assign(new Error(message), { code });

test.each([
  ["EACCES", "permission denied"],
  ["ENOSPC", "no space left on the disk"],
  ["EROFS", "the filesystem is read-only"],
  ["EISDIR", "it is a directory"],
  ["ENOTDIR", "a part of the path is no directory"],
])("%s is %s", (code, words) => {
  expect(describeSystemError(coded(code))).toBe(words);
});

test("what has no words of its own is told in those of the system, without the name", () => {
  expect(describeSystemError(coded("EOVERFLOW"))).toBe("words of the system");
  expect(describeSystemError(coded("EOVERFLOW", "EOVERFLOW: value too large, read"))).toBe("value too large");
  expect(describeSystemError(new Error("an error of ours, with a comma"))).toBe("an error of ours, with a comma");
});

test("the runtime's own errors are told in words", () => {
  const error = thrownBy(() => readFileSync("/proc/none"));
  expect([errorCode(error), isGone(error), describeSystemError(error)]).toEqual(["ENOENT", true, "it does not exist"]);
  expect(isGone(thrownBy(() => readFileSync("/")))).toBe(false);
});

test("reading misses the file, writing its directory", () => {
  const cause = coded("ENOENT");
  const read = cannotRead('"a"', cause, "name another one");
  expect(read).toMatchObject({ code: "file.read", message: 'cannot read "a": it does not exist', cause });
  expect(read.hint).toBe("name another one");
  expect(cannotWrite("stdout", coded("ENOSPC"))).toMatchObject({
    code: "file.write",
    message: "cannot write stdout: no space left on the disk",
  });
  expect(cannotWrite('"a/b"', cause).message).toBe('cannot write "a/b": its directory does not exist');
});

test("an error for people stays what it is", () => {
  const error = new LuakitError("usage", "no");
  expect([cannotRead("x", error), cannotWrite("x", error)]).toEqual([error, error]);
});
