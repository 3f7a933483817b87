import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotRead, isGone } from "../diagnostic/system-error.ts";
import { askCredentialHelper } from "./credential-helper.ts";
import type { CredentialSource, Credentials } from "./credentials.ts";
import { isObject, type JsonObject, parseObject, textMember } from "./json.ts";
import { limitConcurrency } from "./limit.ts";

/** Where docker's login state is: a directory (`DOCKER_CONFIG`, else `~/.docker`) and the process's environment. */
export interface DockerEnvironment {
  readonly configDir: string;
  /** PATH finds the credential helpers; DOCKER_AUTH_CONFIG may hold `auths` that go first. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Ends a credential helper that is waited for. */
  readonly signal?: AbortSignal | undefined;
}

/** The key of Docker Hub, for history's sake a URL. */
const hubKey = "https://index.docker.io/v1/";
const hubHosts = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/** Tokens that helpers make for cloud registries live for five minutes. */
const lifetime = 290_000;

/**
 * The credentials that `docker login` left. The file is read at the first question. What a host has is kept for 4 min
 * 50 s; helpers run one at a time, as some keychains hang otherwise. `now` is the time in milliseconds.
 */
export function openDockerConfig(environment: DockerEnvironment, now: () => number = Date.now): CredentialSource {
  const path = configFile(environment.configDir);
  const found = new Map<string, { readonly since: number; readonly credentials: Promise<Credentials | undefined> }>();
  const oneByOne = limitConcurrency(1);
  let config: Promise<JsonObject> | undefined;
  return (host) => {
    const known = found.get(host);
    if (known !== undefined && now() - known.since < lifetime) return known.credentials;
    config ??= readConfig(path);
    const root = config;
    const credentials = oneByOne(async () => findCredentials(await root, host, environment));
    found.set(host, { since: now(), credentials });
    credentials.catch(() => found.delete(host));
    return credentials;
  };
}

/** The file in which docker keeps its logins. */
export function configFile(configDir: string): string {
  return join(configDir, "config.json");
}

async function readConfig(path: string): Promise<JsonObject> {
  try {
    return parseConfig(await readFile(path, "utf8"), path);
  } catch (error) {
    if (isGone(error)) return {};
    throw cannotRead(path, error);
  }
}

function parseConfig(text: string, source: string): JsonObject {
  if (text.trim() === "") return {};
  const root = parseObject(text);
  if (root === undefined) throw new LuakitError("file.read", `${source} is not a JSON object`);
  return root;
}

async function findCredentials(
  root: JsonObject,
  host: string,
  environment: DockerEnvironment,
): Promise<Credentials | undefined> {
  const key = hubHosts.includes(host) ? hubKey : host;
  const overriding = parseConfig(environment.variables.DOCKER_AUTH_CONFIG ?? "", "DOCKER_AUTH_CONFIG");
  const first = storedCredentials(overriding, key, "DOCKER_AUTH_CONFIG");
  if (first !== undefined) return first;
  const path = configFile(environment.configDir);
  const stored = storedCredentials(root, key, path);
  const helper = helperFor(root, key);
  if (helper === undefined) return stored;
  const answer = await askCredentialHelper(helper, key, environment);
  const known = answer && { ...answer, origin: `docker-credential-${helper}, which ${path} names` };
  return stored?.registryToken === undefined ? known : { ...known, registryToken: stored.registryToken };
}

/** The helper named for this host; a host with an empty name is kept in the file. */
function helperFor(root: JsonObject, key: string): string | undefined {
  const helpers = root.credHelpers;
  const own = isObject(helpers) && Object.hasOwn(helpers, key) ? helpers[key] : undefined;
  return typeof own === "string" ? own || undefined : textMember(root, "credsStore");
}

function storedCredentials(root: JsonObject, key: string, source: string): Credentials | undefined {
  const auths = root.auths;
  if (!isObject(auths)) return undefined;
  const entry = [...matchingEntries(auths, key)].find(isObject);
  if (entry === undefined) return undefined;
  const credentials = {
    ...decodeAuth(entry, `the login for ${hostOf(key)} in ${source}`),
    identityToken: textMember(entry, "identitytoken"),
    registryToken: textMember(entry, "registrytoken"),
  };
  const given = Object.values(credentials).some((value) => value !== undefined);
  return given ? { ...credentials, origin: source } : undefined;
}

function* matchingEntries(auths: JsonObject, key: string): Generator<unknown> {
  if (Object.hasOwn(auths, key)) yield auths[key];
  const hosts = key === hubKey ? ["docker.io", "index.docker.io"] : [key];
  for (const [name, entry] of Object.entries(auths)) {
    if (name !== key && hosts.includes(hostOf(name))) yield entry;
  }
}

/** `https://host:5000/v1/` and `host:5000/path` are both `host:5000`. */
function hostOf(name: string): string {
  return name.replace(/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//, "").split("/", 1)[0] ?? "";
}

function decodeAuth(entry: JsonObject, what: string): Credentials {
  const auth = textMember(entry, "auth");
  if (auth === undefined) return { username: textMember(entry, "username"), password: textMember(entry, "password") };
  const text = /^[A-Za-z0-9+/]+={0,2}$/.test(auth) ? Buffer.from(auth, "base64").toString() : "";
  const colon = text.indexOf(":");
  if (colon < 1) throw new LuakitError("file.read", `${what} is not base64 of "user:password"`);
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/^\0+|\0+$/g, "") || undefined };
}
