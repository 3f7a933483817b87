import { readFileSync } from "node:fs";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotRead } from "../diagnostic/system-error.ts";
import type { TlsOptions } from "../image/http-request.ts";

/** How to trust a registry's token server: paths of PEM files. `host` is the registry as the daemon names it. */
export interface RegistryTlsContext {
  readonly host: string;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly insecure?: boolean | undefined;
}

export type RegistryTls = (host: string) => Promise<TlsOptions | undefined>;

/**
 * Reads the files of all contexts; several of one host are taken together, but for certificates, of which the last
 * counts. Throws "file.read".
 */
export function readRegistryTls(contexts: readonly RegistryTlsContext[]): RegistryTls {
  const hosts = new Map<string, TlsOptions>();
  for (const { host, ca, cert, key, insecure } of contexts) {
    const known = hosts.get(host);
    hosts.set(host, {
      ...known,
      ...(ca !== undefined && { ca: `${known?.ca ?? ""}${readPem(ca)}\n` }),
      ...(cert !== undefined && key !== undefined && { cert: readPem(cert), key: readPem(key) }),
      ...(insecure === true && { rejectUnauthorized: false }),
    });
  }
  return async (host) => {
    const found = hosts.get(host);
    return found?.ca === undefined ? found : { ...found, ca: `${await systemAuthorities()}\n${found.ca}` };
  };
}

/** Authorities that are given come in addition to those that are trusted anyway. */
async function systemAuthorities(): Promise<string> {
  const { rootCertificates } = await import("node:tls");
  return rootCertificates.join("\n");
}

function readPem(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw cannotRead(path, cause);
  }
  if (text.includes("-----BEGIN ")) return text;
  throw new LuakitError("file.read", `${path} holds no PEM certificate or key`);
}
