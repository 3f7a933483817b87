import { LuakitError } from "../diagnostic/luakit-error.ts";

/** The error of a value that no daemon could build; whoever knows the place and the function's name adds them. */
export function invalid(message: string, hint?: string): LuakitError {
  return new LuakitError("llb.invalid", message, { hint });
}

/** Whether `text` can travel as a protobuf string and as a C string. */
export function isText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/** Throws unless `text` can travel as a protobuf string and as a C string. `what` names it in the error. */
export function checkText(what: string, text: string): void {
  if (text.includes("\0")) throw invalid(`${what} contains a NUL byte`);
  if (!text.isWellFormed()) throw invalid(`${what} is not valid UTF-8`);
}

/** Throws unless `value` is an integer in `least..most`. */
export function checkInteger(what: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value)) throw invalid(`${what}: expected an integer, got ${value}`);
  if (value < least || value > most) throw invalid(`${what}: ${value} is not between ${least} and ${most}`);
}

/** Throws unless `value` can be a user or group id. */
export function checkId(what: string, value: number | undefined): void {
  if (value !== undefined) checkInteger(what, value, 0, 0xffff_fffe);
}
