import { expect, test } from "bun:test";
import { mkfileAction } from "../../src/llb/action.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { fileOp } from "../../src/llb/file.ts";
import { checkSize, messageLimit } from "../../src/llb/message-limit.ts";
import { scratch } from "../../src/llb/state.ts";
import { define } from "./sample.ts";

test("a Definition that no daemon takes is refused with advice", () => {
  const data = new Uint8Array(9 * 1024 * 1024);
  const state = fileOp(scratch, [mkfileAction("/a", data, {}), mkfileAction("/b", data, {})], {});
  const definition = define(state);
  try {
    checkSize(encodeDefinition(definition).length, definition);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({
      message: expect.stringContaining("18.0 MiB"),
      hint: expect.stringContaining("bk.local_"),
    });
  }
});

test("up to the limit all is well", () => {
  expect(() => checkSize(messageLimit, define(scratch))).not.toThrow();
});
