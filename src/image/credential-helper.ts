import { LuakitError } from "../diagnostic/luakit-error.ts";
import { findProgram } from "../host/find-program.ts";
import type { Credentials } from "./credentials.ts";
import { parseObject, textMember } from "./json.ts";

export interface CredentialHelperOptions {
  /** The environment of the helper; it is looked for on its PATH. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Milliseconds; a keychain may ask its user. Default 60000. */
  readonly timeout?: number | undefined;
  /** Ends the helper. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks `docker-credential-NAME get` for the credentials stored under `key`; undefined when it has none.
 * Throws "image.resolve" when the helper is missing or fails. Its output never appears in an error: it may hold secrets.
 */
export async function askCredentialHelper(
  name: string,
  key: string,
  options: CredentialHelperOptions,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  const { code, output } = await runHelper(needProgram(program, name, options), program, key, options);
  if (code === 0) return parseAnswer(program, output);
  const message = output.trim();
  if (message === "credentials not found in native keychain") return undefined;
  const known = ["no credentials server URL", "no credentials username"].includes(message) ? `: ${message}` : "";
  throw failure(
    program,
    `failed with exit code ${code}${known}`,
    /^[\w.:/[\]-]+$/.test(key) ? `try "echo ${key} | ${program} get"` : undefined,
  );
}

function needProgram(program: string, name: string, options: CredentialHelperOptions): string {
  const path = /[/\\]/.test(name) ? undefined : findProgram(program, options.variables);
  if (path !== undefined) return path;
  throw failure(
    program,
    "is not on PATH",
    'install it, or remove it from "credsStore" and "credHelpers" of config.json',
  );
}

async function runHelper(path: string, program: string, key: string, options: CredentialHelperOptions) {
  const timeout = options.timeout ?? 60_000;
  const helper = Bun.spawn([path, "get"], {
    env: { ...options.variables },
    stdin: new TextEncoder().encode(key),
    stdout: "pipe",
    stderr: "ignore",
    timeout,
    killSignal: "SIGKILL",
    ...(options.signal !== undefined && { signal: options.signal }),
  });
  const [output, code] = await Promise.all([new Response(helper.stdout).text(), helper.exited]);
  options.signal?.throwIfAborted();
  if (helper.signalCode === "SIGKILL") throw failure(program, `gave no answer within ${timeout / 1000} s`);
  return { code, output };
}

function parseAnswer(program: string, output: string): Credentials {
  const answer = parseObject(output);
  if (answer === undefined) throw failure(program, "did not answer with a JSON object");
  const username = textMember(answer, "Username");
  const secret = textMember(answer, "Secret");
  return username === "<token>" ? { identityToken: secret } : { username, password: secret };
}

function failure(program: string, why: string, hint?: string): LuakitError {
  return new LuakitError("image.resolve", `the credential helper "${program}" ${why}`, { hint });
}
