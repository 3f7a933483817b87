import { LuakitError } from "../diagnostic/luakit-error.ts";
import { loginHint } from "../image/registry-error.ts";

/** What the auth service was asked in one build. */
export interface AuthRecord {
  /** By host as the daemon names it: where its login was found; undefined when there is none. */
  readonly logins: Map<string, string | undefined>;
  /** What went wrong with a helper or a token server. */
  readonly failures: LuakitError[];
}

export function openAuthRecord(): AuthRecord {
  return { logins: new Map(), failures: [] };
}

/**
 * The failure of a build as one about a login, if that is what it is: the registry and the file are named. The daemon
 * says "unexpected status from HEAD request to http://…: 401 Unauthorized". Any other error comes back as it is.
 */
export function explainRefusal(error: LuakitError, record: AuthRecord, configFile: string): LuakitError {
  const own = record.failures.find(({ message }) => error.message.includes(message));
  const refusal = own ?? describeRefusal(error.message, record, configFile);
  if (refusal === undefined) return error;
  const told = new LuakitError(refusal.code, refusal.message, { hint: refusal.hint, cause: error });
  return error.position === undefined ? told : told.at(error.position, error.callers);
}

/** A registry does not take the login from `origin`, or wants one where there is none. */
export function refusedLogin(host: string, origin: string | undefined, configFile: string): LuakitError {
  const sentence =
    origin === undefined
      ? `${host} wants a login, and ${configFile} has none for it`
      : `${host} refused the login from ${origin}`;
  return new LuakitError("registry.auth", sentence, { hint: loginHint(host) });
}

/** Docker Hub is asked for by the name of its API. */
export function registryName(host: string): string {
  return host === "registry-1.docker.io" ? "docker.io" : host;
}

const denied = /\b401 Unauthorized|\b403 Forbidden|authorization failed|no basic auth credentials|access denied/;

function describeRefusal(message: string, record: AuthRecord, configFile: string): LuakitError | undefined {
  if (!denied.test(message)) return undefined;
  const asked = [...record.logins].find(([host]) => names(message, host) || names(message, registryName(host)));
  if (asked === undefined) return undefined;
  const [host, origin] = asked;
  const name = registryName(host);
  if (!/403 Forbidden|insufficient_scope/.test(message)) return refusedLogin(name, origin, configFile);
  const login = origin === undefined ? `needs a login, and ${configFile} has none` : `the login from ${origin} may not`;
  const sentence = `${name} denied access: what is asked for does not exist, or ${login}`;
  const hint = origin === undefined ? loginHint(name) : "check the name, and the rights of the login";
  return new LuakitError("registry.auth", sentence, { hint });
}

/** Whether a message speaks of something at a host: `https://HOST/…`, `HOST/repository`. */
function names(message: string, host: string): boolean {
  for (let at = message.indexOf(`${host}/`); at !== -1; at = message.indexOf(`${host}/`, at + 1)) {
    if (at === 0 || /[^\w.-]/.test(message[at - 1] ?? "")) return true;
  }
  return false;
}
