import { accessSync, constants, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { describeSystemError, errorCode, isGone } from "../diagnostic/system-error.ts";
import { Secrets } from "../gen/secrets.ts";
import { type Service, unary } from "../rpc/server.ts";
import { rpcError } from "../rpc/status.ts";
import { maxSecret } from "./secret-limit.ts";

/** Where the value of a secret is: in a file, in a variable, or here. */
export type SecretSource = { readonly id: string } & (
  | { readonly path: string }
  | { readonly env: string; readonly variables: Readonly<Record<string, string | undefined>> }
  | { readonly value: string | Uint8Array }
);

type ReadSecret = () => Uint8Array | Promise<Uint8Array>;

const notFound = 5;

/**
 * `moby.buildkit.secrets.v1.Secrets`. Files and variables are looked at now, and files read again at each request, but
 * for pipes, which can be read once. Of equal ids the last counts. Throws "secret.invalid"; no error holds a value.
 */
export function secrets(sources: readonly SecretSource[]): Service {
  const known = new Map(sources.map((source) => [source.id, openSecret(source)]));
  return [
    unary(Secrets.GetSecret, async ({ ID }) => {
      const read = known.get(ID);
      if (read === undefined) throw rpcError({ code: notFound, message: `secret ${ID}: not found`, details: [] });
      return { data: await read() };
    }),
  ];
}

function openSecret(source: SecretSource): ReadSecret {
  const { id } = source;
  if (id === "") throw new LuakitError("usage", "a secret has no id", { hint: "write id=NAME,src=FILE" });
  if ("path" in source) return openFile(id, source.path);
  const data = limited(id, "value" in source ? source.value : readVariable(source, id));
  return () => data;
}

function readVariable({ env, variables }: Extract<SecretSource, { env: string }>, id: string): string {
  const value = variables[env];
  if (value === undefined) throw invalid(id, `the variable ${env} is not set`);
  return value;
}

function openFile(id: string, path: string): ReadSecret {
  const read = () => readFile(id, path);
  if (looksRegular(id, path)) return read;
  let once: Promise<Uint8Array> | undefined;
  return () => {
    once ??= read();
    return once;
  };
}

/** Whether the file can be read again; throws when it cannot be read at all. */
function looksRegular(id: string, path: string): boolean {
  let stat: ReturnType<typeof statSync>;
  try {
    stat = statSync(path);
    accessSync(path, constants.R_OK);
  } catch (cause) {
    throw unreadable(id, path, cause);
  }
  if (stat.isDirectory()) throw invalid(id, `${path} is a directory`);
  if (stat.size > maxSecret) throw tooBig(id);
  return stat.isFile();
}

async function readFile(id: string, path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    await using file = await open(path, "r");
    for (let more = true; more && length <= maxSecret; ) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(64 * 1024));
      chunks.push(buffer.subarray(0, bytesRead));
      length += bytesRead;
      more = bytesRead > 0;
    }
  } catch (cause) {
    throw unreadable(id, path, cause);
  }
  return limited(id, Buffer.concat(chunks));
}

function limited(id: string, value: string | Uint8Array): Uint8Array {
  const data = typeof value === "string" ? new TextEncoder().encode(value) : value;
  if (data.length > maxSecret) throw tooBig(id);
  return data;
}

function unreadable(id: string, path: string, cause: unknown): LuakitError {
  if (isGone(cause)) return invalid(id, `there is no file ${path}`, undefined, cause);
  return invalid(
    id,
    errorCode(cause) === "EACCES" ? `${path} may not be read` : `${path} cannot be read: ${describeSystemError(cause)}`,
    undefined,
    cause,
  );
}

function tooBig(id: string): LuakitError {
  return invalid(id, "it is larger than 500 KiB", "bring a file that big into the build with a local source");
}

function invalid(id: string, why: string, hint?: string, cause?: unknown): LuakitError {
  return new LuakitError("secret.invalid", `the secret "${id}": ${why}`, { hint, cause });
}
