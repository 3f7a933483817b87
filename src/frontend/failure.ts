import { LuakitError, type Position } from "../diagnostic/luakit-error.ts";
import { sourcesOf } from "../rpc/error-details.ts";
import { noSource, sourceDetail } from "../rpc/source-detail.ts";
import { makeStatus, type Status, statusCode, statusOf } from "../rpc/status.ts";
import { hintForClients } from "./hint.ts";

/**
 * What the daemon is told of a build that failed, for its client to print: the sentence with its place, for clients that
 * print no excerpts, and the script's lines. What the daemon itself said of a call is passed on as it is.
 */
export function toStatus(error: unknown): Status {
  if (!(error instanceof LuakitError)) return withPlaces(makeStatus(statusCode.internal, shorten(bugText(error))), []);
  const { position, callers } = error;
  const all = position === undefined ? [] : [position, ...callers];
  const places = all.filter(({ source = "" }) => source.length <= largestSource);
  // Clients print the name of any other code before the sentence.
  return withPlaces(passedOn(error) ?? makeStatus(statusCode.unknown, shorten(sentence(error))), places);
}

/** Characters of a sentence, and bytes of a script: with more, the daemon's client would get no error at all. */
const longestText = 64 << 10;
const largestSource = 4 << 20;

function shorten(text: string): string {
  if (text.length <= longestText) return text;
  return `${text.slice(0, longestText)}… (${text.length - longestText} more characters)`;
}

/** The daemon writes what it wrapped last first, and reads it the other way round. */
function passedOn(error: LuakitError): Status | undefined {
  const status = statusOf(error);
  if (status === undefined) return undefined;
  const message = harmless(error.message.replace(/^(rpc error: code = \w+ desc = )+/, ""));
  return { code: status.code, message, details: status.details.toReversed() };
}

/** The innermost place first: clients print it last, next to the sentence. */
function withPlaces(status: Status, places: readonly Position[]): Status {
  const details = [...status.details, ...places.map(sourceDetail)];
  // An error without any place would get that of the line that names the frontend.
  return { ...status, details: sourcesOf({ details }).length > 0 ? details : [...details, noSource] };
}

/** What a client shows of an error beside its place. */
export function sentence({ message, position, hint }: LuakitError): string {
  const place = position === undefined ? "" : `${position.file}:${position.line}: `;
  const text = `${place}${message}${hint === undefined ? "" : `\nhint: ${hintForClients(hint)}`}`;
  return harmless(text);
}

/** What scripts, registries and options say must not drive a terminal. */
function harmless(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, "");
}

function bugText(error: unknown): string {
  const [line = ""] = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).split("\n");
  return `luakit has a bug: ${line}`;
}
