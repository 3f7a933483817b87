import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Credentials } from "./credentials.ts";
import type { HttpResponse } from "./http-request.ts";
import { isObject, parseObject, textMember } from "./json.ts";

/** 401 and 403: with credentials they were refused, without some are wanted. */
export function deniedError(host: string, credentials: Credentials | undefined, subject?: string): LuakitError {
  const what = subject === undefined ? "" : ` to ${subject}`;
  const origin = credentials?.origin === undefined ? "" : ` from ${credentials.origin}`;
  const sentence =
    credentials === undefined
      ? `${host} denied access${what}: it does not exist or needs a login`
      : `${host} denied access${what} with the stored login${origin}`;
  return new LuakitError("image.resolve", sentence, { hint: loginHint(host) });
}

/** Any answer that is not what was asked for. `subject` names it: `"library/alpine:3.20"`. */
export function statusError(host: string, subject: string, response: HttpResponse, repository = ""): LuakitError {
  const { code, message } = firstError(response.body);
  const of = (sentence: string, hint?: string) => new LuakitError("image.resolve", sentence, { hint });
  if (response.status === 404) {
    const missing = code === "NAME_UNKNOWN" ? `${host} has no repository "${repository}"` : `${host} has no ${subject}`;
    return of(missing, "check the name and the tag");
  }
  if (response.status === 429) return of(`${host} limits the rate of requests`, loginHint(host));
  const said = message === undefined ? "" : ` (${message})`;
  return of(
    `${host} answered ${response.status} to the request for ${subject}${said}`,
    `check the registry at ${host}`,
  );
}

/** The command that logs in to `host`. */
export function loginHint(host: string): string {
  // Somebody may paste it.
  if (!/^[\w.:[\]-]+$/.test(host)) return "log in with docker login";
  return host === "docker.io" ? 'log in with "docker login"' : `log in with "docker login ${host}"`;
}

function firstError(body: Uint8Array): { code: string | undefined; message: string | undefined } {
  const errors = parseObject(body)?.errors;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (!isObject(first)) return { code: undefined, message: undefined };
  // A registry's text must not be able to steer the terminal.
  const message = textMember(first, "message")
    ?.replace(/[\p{Cc}\p{Bidi_Control}]+/gu, " ")
    .slice(0, 200);
  return { code: textMember(first, "code"), message };
}
