import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";

/** A daemon's place as the schemes of BUILDKIT_HOST name it, and the Docker Engine, which has a BuildKit inside. */
export type Address = SocketAddress | CommandAddress | DockerAddress;

export type SocketAddress = UnixAddress | TcpAddress | NpipeAddress;

export interface UnixAddress {
  readonly scheme: "unix";
  readonly path: string;
}

export interface TcpAddress {
  readonly scheme: "tcp";
  /** Without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
}

export interface NpipeAddress {
  readonly scheme: "npipe";
  readonly path: string;
}

/** A daemon that a child process talks to. */
export type CommandAddress = SshAddress | ContainerAddress | KubePodAddress;

export interface SshAddress {
  readonly scheme: "ssh";
  readonly user?: string | undefined;
  readonly host: string;
  readonly port?: number | undefined;
  /** Path of the daemon's socket on the host; what stands there by default when absent. */
  readonly socket?: string | undefined;
}

export interface ContainerAddress {
  readonly scheme: "docker-container" | "podman-container" | "nerdctl-container";
  readonly container: string;
  /** The docker context; `docker-container` only. */
  readonly context?: string | undefined;
  /** The engine's address as `docker --host` takes it, instead of a context; `docker-container` only. */
  readonly engine?: string | undefined;
  /** `nerdctl-container` only. */
  readonly namespace?: string | undefined;
}

export interface KubePodAddress {
  readonly scheme: "kube-pod";
  readonly pod: string;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly container?: string | undefined;
}

export interface DockerAddress {
  readonly scheme: "docker";
  readonly engine: SocketAddress | SshAddress;
}

const schemes = [
  "unix",
  "tcp",
  "npipe",
  "ssh",
  "docker-container",
  "podman-container",
  "nerdctl-container",
  "kube-pod",
  "docker",
] as const;
type Scheme = (typeof schemes)[number];

const defaultEngine: UnixAddress = { scheme: "unix", path: "/var/run/docker.sock" };

/**
 * Reads a value of `--addr` or BUILDKIT_HOST. The Docker Engine is `docker://` for its default socket, `docker:///path`,
 * `docker://host:port`, or `docker+` before any form that DOCKER_HOST has. Throws "usage".
 */
export function parseAddress(text: string): Address {
  if (text.startsWith("docker+")) return { scheme: "docker", engine: parseEngine(text.slice("docker+".length), text) };
  const [, scheme = "", rest = ""] = /^([a-z][a-z0-9+-]*):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme === "") throw invalid(text, "has no scheme", hintForScheme(text));
  if (!isScheme(scheme)) throw invalid(text, `has the unknown scheme "${scheme}"${didYouMean(scheme, schemes)}`);
  return parsers[scheme](rest, text);
}

/** Reads a value of DOCKER_HOST. Throws "usage". */
export function parseDockerHost(text: string): DockerAddress {
  return { scheme: "docker", engine: parseEngine(text, text) };
}

const parsers: { readonly [S in Scheme]: (rest: string, text: string) => Address } = {
  unix: parseUnix,
  tcp: (rest, text) => parseTcp(rest, text),
  npipe: (rest) => ({ scheme: "npipe", path: rest }),
  ssh: (_, text) => parseSsh(text, text),
  "docker-container": (_, text) => parseContainer("docker-container", text, ["context"]),
  "podman-container": (_, text) => parseContainer("podman-container", text, []),
  "nerdctl-container": (_, text) => parseContainer("nerdctl-container", text, ["namespace"]),
  "kube-pod": (_, text) => parseKubePod(text),
  docker: (rest, text) => ({ scheme: "docker", engine: parsePlainDocker(rest, text) }),
};

function isScheme(text: string): text is Scheme {
  return schemes.some((scheme) => scheme === text);
}

function parseUnix(rest: string, text: string): UnixAddress {
  if (rest === "") throw invalid(text, "has no path", "unix:///run/buildkit/buildkitd.sock");
  return { scheme: "unix", path: rest };
}

function parseTcp(rest: string, text: string, form = "tcp://HOST:1234"): TcpAddress {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.%]+)\]|([^[\]:/?#@]+)):(\d+)\/?$/i.exec(rest) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65535) return { scheme: "tcp", host, port };
  const named = /^[^[\]:/?#@]+$/.test(rest) ? rest : "HOST";
  throw invalid(text, "does not name a host and a port", form.replace("HOST", named));
}

function parsePlainDocker(rest: string, text: string): SocketAddress {
  if (rest === "") return defaultEngine;
  return rest.startsWith("/") ? { scheme: "unix", path: rest } : parseTcp(rest, text, "docker://HOST:2375");
}

function parseEngine(engine: string, text: string): DockerAddress["engine"] {
  const [, scheme = "", rest = ""] = /^([a-z]+):\/\/(.*)$/is.exec(engine) ?? [];
  if (scheme === "unix") return rest === "" ? defaultEngine : parseUnix(rest, text);
  if (scheme === "tcp") return parseTcp(rest, text, "tcp://HOST:2375");
  if (scheme === "npipe") return { scheme: "npipe", path: rest };
  if (scheme === "ssh") return parseSsh(engine, text);
  throw invalid(text, "is no address of a Docker Engine: it takes unix://, tcp://, ssh:// and npipe://");
}

function parseSsh(address: string, text: string): SshAddress {
  const url = parseUrl(address, text);
  if (url.password !== "") throw invalid(text, "has a password; ssh asks for it, or use a key");
  if (url.search !== "" || url.hash !== "") throw invalid(text, "has more than user, host, port and path");
  const user = decode(url.username, text);
  const socket = decode(url.pathname, text);
  return {
    scheme: "ssh",
    ...(user !== "" && { user: plainWord(user, text, "user") }),
    host: plainWord(url.hostname.replace(/^\[|\]$/g, ""), text, "host"),
    ...(url.port !== "" && { port: Number(url.port) }),
    ...(socket !== "" && socket !== "/" && { socket }),
  };
}

function parseContainer(scheme: ContainerAddress["scheme"], text: string, options: readonly Option[]): Address {
  const url = parseUrl(text, text);
  if (!/^\/?$/.test(url.pathname)) throw invalid(text, "has a path after the container's name");
  const container = plainWord(decode(url.host, text), text, "container");
  return { scheme, container, ...readQuery(url, text, options) };
}

function parseKubePod(text: string): KubePodAddress {
  const url = parseUrl(text, text);
  const address = {
    scheme: "kube-pod" as const,
    pod: plainWord(decode(url.hostname, text), text, "pod"),
    ...readQuery(url, text, ["context", "namespace", "container"]),
  };
  for (const name of ["pod", "namespace", "container"] as const) {
    const value = address[name];
    if (value !== undefined && !/^[-a-z0-9.]+$/.test(value))
      throw invalid(text, `has a ${name} that no ${name} can have`);
  }
  return address;
}

type Option = "context" | "namespace" | "container";

function readQuery(url: URL, text: string, names: readonly Option[]): { readonly [name in Option]?: string } {
  const found: { [name in Option]?: string } = {};
  for (const [key, value] of url.searchParams) {
    const name = names.find((known) => known === key);
    if (name === undefined) throw invalid(text, `has the unknown option "${key}"${didYouMean(key, names)}`);
    if (value !== "") found[name] = plainWord(value, text, name);
  }
  return found;
}

function parseUrl(address: string, text: string): URL {
  const url = URL.parse(address);
  if (url === null) throw invalid(text, "is not a URL");
  return url;
}

function decode(part: string, text: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid(text, "has a % that stands for nothing; a percent sign is %25");
  }
}

/** Words that become arguments of a command must not be taken for its options. */
function plainWord(word: string, text: string, what: string): string {
  if (word === "") throw invalid(text, `has no ${what}`);
  if (word.startsWith("-")) throw invalid(text, `has a ${what} that starts with "-"`);
  if (/[\s\0]/.test(word)) throw invalid(text, `has white space in its ${what}`);
  return word;
}

function hintForScheme(text: string): string | undefined {
  if (text.startsWith("/")) return `unix://${text}`;
  if (text.startsWith("\\\\.\\pipe\\")) return `npipe:////./pipe/${text.slice("\\\\.\\pipe\\".length)}`;
  return /^[^:/]+:\d+$/.test(text) ? `tcp://${text}` : undefined;
}

function invalid(text: string, why: string, hint?: string): LuakitError {
  return new LuakitError("usage", `address "${text}" ${why}`, {
    hint: hint === undefined ? undefined : `write ${hint}`,
  });
}
