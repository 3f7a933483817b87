import { resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { findTlsFiles, type TlsFiles } from "../rpc/tls-files.ts";
import type { DaemonSearch } from "./daemon-search.ts";
import type { FlagContext } from "./flag-context.ts";
import { lookAt } from "./path-stat.ts";

/** The flags that say which daemon builds. */
export interface DaemonFlags {
  readonly addr: string | undefined;
  readonly builder: string | undefined;
  readonly daemonless: boolean;
  readonly tlsCaCert: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly tlsServerName: string | undefined;
  readonly tlsDir: string | undefined;
}

/** Reads the flags that say which daemon builds; TLS files must be there. Throws "usage". */
export function parseDaemonFlags(flags: DaemonFlags, context: FlagContext): DaemonSearch {
  for (const [flag, value] of [
    ["addr", flags.addr],
    ["builder", flags.builder],
  ] as const) {
    if (value === "") throw new LuakitError("usage", `--${flag}: the value is empty`);
  }
  return {
    address: flags.addr,
    builder: flags.builder,
    daemonless: flags.daemonless,
    tls: parseTls(flags, context),
  };
}

function parseTls(flags: DaemonFlags, { cwd }: FlagContext): TlsFiles | undefined {
  const { tlsDir, tlsServerName: serverName } = flags;
  const ca = pemFile("tlscacert", flags.tlsCaCert, cwd);
  const cert = pemFile("tlscert", flags.tlsCert, cwd);
  const key = pemFile("tlskey", flags.tlsKey, cwd);
  if (tlsDir !== undefined) {
    if (ca === undefined && cert === undefined && key === undefined) {
      return { ...findTlsFiles(resolve(cwd, tlsDir)), serverName };
    }
    throw new LuakitError("usage", "--tlsdir already names what --tlscacert, --tlscert and --tlskey do", {
      hint: "give the directory or the files",
    });
  }
  if ((cert === undefined) !== (key === undefined)) {
    const [given, missing] = cert === undefined ? ["--tlskey", "--tlscert"] : ["--tlscert", "--tlskey"];
    throw new LuakitError("usage", `${given} is given without ${missing}`);
  }
  const any = ca ?? cert ?? serverName;
  return any === undefined ? undefined : { ca, cert, key, serverName };
}

function pemFile(flag: string, file: string | undefined, cwd: string): string | undefined {
  if (file === undefined) return undefined;
  const path = resolve(cwd, file);
  const refuse = (reason: string, cause: unknown) =>
    new LuakitError("usage", `--${flag}: "${file}" cannot be used: ${reason}`, { cause });
  if (file !== "" && lookAt(path, refuse)?.isDirectory() === false) return path;
  throw new LuakitError("usage", `--${flag}: there is no file "${file}"`);
}
