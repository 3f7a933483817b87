import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotRead, isGone } from "../diagnostic/system-error.ts";

/** TLS by paths of PEM files. */
export interface TlsFiles {
  /** The authorities to trust, and no others; the machine's own when absent. */
  readonly ca?: string | undefined;
  /** The client's certificate, with `key`. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** What the daemon's certificate must be for; the address's host when absent. */
  readonly serverName?: string | undefined;
  /** True takes any certificate of the daemon's, as a docker context with SkipTLSVerify asks. */
  readonly insecure?: boolean | undefined;
}

const names = { ca: ["ca.pem", "ca.crt"], cert: ["cert.pem", "tls.crt"], key: ["key.pem", "tls.key"] } as const;

/**
 * The three files of a directory as `--tlsdir` and DOCKER_CERT_PATH have it. Throws "usage" when one is missing,
 * "file.read" when nobody may look for them.
 */
export function findTlsFiles(directory: string): TlsFiles {
  const find = (candidates: readonly string[]): string => {
    const found = candidates.map((name) => join(directory, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
    expectEntry(directory);
    throw new LuakitError("usage", `TLS directory ${directory} has no ${candidates.join(" or ")}`);
  };
  return { ca: find(names.ca), cert: find(names.cert), key: find(names.key) };
}

/** What may not be looked at is not missing. */
function expectEntry(directory: string): void {
  try {
    accessSync(directory, constants.X_OK);
  } catch (error) {
    if (!isGone(error)) throw cannotRead(`the TLS directory ${directory}`, error);
  }
}

/** The files' text as the runtime takes it. Throws "usage" for half a pair and what is no PEM, "file.read". */
export function readTlsFiles(files: TlsFiles): { ca?: string; cert?: string; key?: string } {
  if ((files.cert === undefined) !== (files.key === undefined)) {
    const [given, missing] = files.cert === undefined ? ["key", "certificate"] : ["certificate", "key"];
    throw new LuakitError("usage", `TLS: a client ${given} is given without its ${missing}`);
  }
  return {
    ...(files.ca !== undefined && { ca: readPem(files.ca, "CERTIFICATE") }),
    ...(files.cert !== undefined && { cert: readPem(files.cert, "CERTIFICATE") }),
    ...(files.key !== undefined && { key: readPem(files.key, "PRIVATE KEY") }),
  };
}

function readPem(path: string, what: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw cannotRead(`the TLS file ${path}`, cause);
  }
  if (text.includes(`${what}-----`)) return text;
  throw new LuakitError("usage", `the TLS file ${path} holds no ${what.toLowerCase()} in PEM form`);
}
