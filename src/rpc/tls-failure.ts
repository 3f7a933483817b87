import type { LuakitError } from "../diagnostic/luakit-error.ts";
import { errorCode } from "../diagnostic/system-error.ts";
import type { TlsFiles } from "./tls-files.ts";
import { describeFailure, unreachable } from "./unreachable.ts";

/** A connection with TLS that can fail. */
export interface TlsAttempt {
  readonly place: string;
  readonly files: TlsFiles;
  readonly serverName: string;
  /** What to do about it, which depends on where the files come from. */
  readonly hints: TlsHints;
}

export interface TlsHints {
  readonly ca: string;
  readonly client: string;
  readonly name: string | undefined;
  readonly plain: string;
}

/** Where a BuildKit daemon's files come from. */
export const flagHints: TlsHints = {
  ca: "give its authority with --tlscacert",
  client: "give --tlscert and --tlskey",
  name: "name one that it is for with --tlsservername",
  plain: "leave out the TLS flags",
};

/** Where a Docker Engine's come from. */
export const dockerHints: TlsHints = {
  ca: "put its authority as ca.pem into DOCKER_CERT_PATH, or into the docker context",
  client: "put cert.pem and key.pem into DOCKER_CERT_PATH, or into the docker context",
  name: undefined,
  plain: "unset DOCKER_TLS_VERIFY, or change the docker context",
};

/**
 * Puts an error of the handshake into words: what we have against the peer, or the peer against us. `names` are
 * those of the peer's certificate, as `DNS:buildkit.test, IP Address:127.0.0.1`.
 */
export function explainHandshake(cause: unknown, attempt: TlsAttempt, names?: string): LuakitError {
  const { files, hints } = attempt;
  const name = errorCode(cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  const fail = (reason: string, hint?: string) => unreachable(attempt.place, reason, { cause, ...(hint && { hint }) });
  if (name === "ERR_TLS_CERT_ALTNAME_INVALID") return explainName(fail, attempt, names);
  if (name === "CERT_HAS_EXPIRED") return fail("the daemon's certificate has expired");
  if (name === "CERT_NOT_YET_VALID") return fail("the daemon's certificate is not valid yet; is the clock right?");
  if (/SIGNATURE|ISSUER|SELF_SIGNED|UNTRUSTED/.test(name)) {
    if (files.ca !== undefined) return fail(`the daemon's certificate is not signed by an authority in ${files.ca}`);
    return fail("the daemon's certificate is signed by nobody that this machine trusts", hints.ca);
  }
  if (/WRONG_VERSION_NUMBER|HTTP_REQUEST/.test(message)) return fail("the daemon does not use TLS", hints.plain);
  if (/KEY_VALUES_MISMATCH/.test(message)) {
    return fail(`the key ${files.key} does not belong to the certificate ${files.cert}`);
  }
  if (message === "Invalid CA") return fail(`${files.ca} holds no usable certificate`);
  if (/before secure TLS connection/.test(message)) return fail("it ends the connection during the TLS handshake");
  return explainAlert(cause, attempt);
}

/** Puts what the daemon says against us into words; it says so only after our side of the handshake is done. */
export function explainAlert(cause: unknown, { place, files, hints }: TlsAttempt): LuakitError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const alert = /ALERT_([A-Z_]+)/.exec(message)?.[1];
  if (alert === undefined) return unreachable(place, describeFailure(cause), { cause });
  if (files.cert === undefined) {
    return unreachable(place, "the daemon wants a client certificate", { cause, hint: hints.client });
  }
  const why = alert.toLowerCase().replaceAll("_", " ");
  return unreachable(place, `the daemon does not accept the client certificate ${files.cert} (${why})`, { cause });
}

function explainName(
  fail: (reason: string, hint?: string) => LuakitError,
  { serverName, hints }: TlsAttempt,
  names: string | undefined,
): LuakitError {
  const reason = `the daemon's certificate is not for "${serverName}"`;
  if (names === undefined) return fail(`${reason}: it has no names`);
  return fail(`${reason}, only for ${names.replaceAll(/\b(?:DNS|IP Address):/g, "")}`, hints.name);
}
