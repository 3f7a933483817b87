import { defineHandle, handle } from "../lua/handle.ts";
import { isHandle, type Value } from "./value.ts";

/** A Lua pattern that stands for every text in which it is found. */
export interface Pattern {
  readonly text: string;
}

/** Whether Lua finds a pattern in a text. */
export type FindPattern = (text: string, pattern: string) => boolean;

export const patternHandle = defineHandle<Pattern>({
  name: "Pattern",
  doc: "Stands for every text in which a Lua pattern is found.",
  toText: ({ text }) => `pattern(${JSON.stringify(text)})`,
});

export const pattern = handle(patternHandle);

export function patternOf(value: Value): Pattern | undefined {
  return isHandle(value) ? patternHandle.valueOf(value) : undefined;
}
