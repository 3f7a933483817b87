import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { RegistryTlsContext } from "../session/auth-tls.ts";
import { boolean, parseBoolean, someText } from "./attribute-checks.ts";
import { type AttributeTable, checkAttributes, needAttribute, parseAttributes } from "./attributes.ts";
import type { FlagContext } from "./flag-context.ts";

const flag = "registry-auth-tlscontext";
const table: AttributeTable = { host: someText, ca: someText, cert: someText, key: someText, insecure: boolean };
const hubNames = ["docker.io", "index.docker.io"];

/** Reads `--registry-auth-tlscontext` values: `host=HOST[,ca=FILE][,cert=FILE,key=FILE][,insecure=true]`. Throws "usage". */
export function parseRegistryTls(values: readonly string[], context: FlagContext): RegistryTlsContext[] {
  return values.map((value) => parseContext(value, context));
}

function parseContext(value: string, context: FlagContext): RegistryTlsContext {
  const given = checkAttributes(flag, "it", parseAttributes(flag, value), table);
  const host = hostOf(needAttribute(flag, "it", given, "host"));
  const insecure = parseBoolean(given.get("insecure") ?? "false") === true;
  if (given.has("cert") !== given.has("key")) {
    const [one, other] = given.has("cert") ? ["cert", "key"] : ["key", "cert"];
    throw new LuakitError("usage", `--${flag}: "${host}" has ${one}= without ${other}=`);
  }
  if (!given.has("ca") && !given.has("cert") && !insecure) {
    throw new LuakitError("usage", `--${flag}: "${host}" says nothing of TLS`, {
      hint: "add ca=FILE, cert=FILE,key=FILE or insecure=true",
    });
  }
  const files = ["ca", "cert", "key"].flatMap((key) => {
    const file = given.get(key);
    return file === undefined ? [] : [[key, pemFile(key, file, context)] as const];
  });
  return { host, insecure, ...Object.fromEntries(files) };
}

/** The host as a daemon names it: without a scheme, and Docker Hub by its registry. */
function hostOf(text: string): string {
  const host = text.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return hubNames.includes(host) ? "registry-1.docker.io" : host;
}

function pemFile(key: string, file: string, { cwd }: FlagContext): string {
  const path = resolve(cwd, file);
  if (existsSync(path)) return path;
  throw new LuakitError("usage", `--${flag}: "${key}=${file}": there is no such file`);
}
