import { LuakitError, type Position } from "../diagnostic/luakit-error.ts";
import { sourceDetail } from "../rpc/source-detail.ts";
import { makeStatus, type Status, statusCode, statusOf } from "../rpc/status.ts";
import { hintForClients } from "./hint.ts";

/** What the daemon is told of a build that failed, for its client to print: the sentence, and the script's lines. */
export function toStatus(error: unknown): Status {
  if (!(error instanceof LuakitError)) return makeStatus(statusCode.internal, bugText(error));
  const places = placesOf(error).map(sourceDetail);
  const status = statusOf(error);
  if (status !== undefined) return { ...passOn(status), details: [...passOn(status).details, ...places] };
  // Any other code would be a word of its own before the sentence.
  return { code: statusCode.unknown, message: sentence(error), details: places };
}

/** What the daemon itself said. It writes what it wrapped last first, and reads it the other way round. */
function passOn({ code, message, details }: Status): Status {
  return { code, message: message.replace(/^(rpc error: code = \w+ desc = )+/, ""), details: details.toReversed() };
}

/** The innermost place first, as clients print the last one next to the sentence. */
function placesOf({ position, callers }: LuakitError): readonly Position[] {
  return position === undefined ? [] : [position, ...callers];
}

function sentence({ message, hint }: LuakitError): string {
  const text = hint === undefined ? message : `${message}\nhint: ${hintForClients(hint)}`;
  return text.replace(/[^\P{Cc}\n\t]/gu, "");
}

function bugText(error: unknown): string {
  const [line = ""] = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).split("\n");
  return `luakit has a bug: ${line}`;
}
