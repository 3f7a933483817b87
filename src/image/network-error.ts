import { LuakitError } from "../diagnostic/luakit-error.ts";

/** The failure of a request to `host` as one sentence with what can be done about it. */
export function toNetworkError(cause: unknown, host: string, timeout: number): LuakitError {
  const { sentence, hint } = describe(cause, host, timeout);
  return new LuakitError("image.resolve", sentence, { hint, cause });
}

/** Whether the connection broke in a way that a second attempt may mend. */
export function isConnectionReset(error: unknown): boolean {
  const cause = error instanceof LuakitError ? error.cause : error;
  return ["ECONNRESET", "EPIPE", "ConnectionClosed"].includes(codeOf(cause));
}

function describe(cause: unknown, host: string, timeout: number): { sentence: string; hint: string } {
  const code = codeOf(cause);
  const reachable = `check that ${host} is right and can be reached from here`;
  if (code === "TimeoutError" || code === "ETIMEDOUT") {
    return { sentence: `${host} gave no answer within ${timeout / 1000} s`, hint: reachable };
  }
  if (code === "ECONNREFUSED") {
    return { sentence: `${host} refused the connection`, hint: `check that the registry at ${host} is running` };
  }
  if (/^(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL|ENODATA|ESERVFAIL|DNS)/.test(code)) {
    return { sentence: `the host name of ${host} is not known to DNS`, hint: reachable };
  }
  if (code === "EPROTO") {
    return {
      sentence: `${host} does not speak TLS`,
      hint: `if it is meant to be plain http: LUAKIT_REGISTRY_MIRRORS=${host}=http://${host}`,
    };
  }
  if (/CERT|SIGNATURE|ISSUER|SSL|TLS/.test(code)) {
    return { sentence: `the TLS certificate of ${host} is not trusted (${certificateFault(code)})`, hint: reachable };
  }
  if (isConnectionReset(cause)) return { sentence: `${host} closed the connection`, hint: reachable };
  return { sentence: `the request to ${host} failed (${code || "unknown error"})`, hint: reachable };
}

function certificateFault(code: string): string {
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "it is for another host name";
  if (code === "CERT_HAS_EXPIRED") return "it has expired";
  if (code.includes("SELF_SIGNED")) return "it is self-signed";
  if (code.includes("ISSUER") || code.includes("UNABLE_TO_VERIFY")) return "its issuer is unknown";
  return code;
}

/** The runtime's code of a failed fetch; a timeout has only its name. */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "";
  if ("code" in cause && typeof cause.code === "string") return cause.code;
  return cause.name;
}
