/** One address of a registry's API. */
export interface Endpoint {
  /** The registry as docker login knows it; also what errors name. */
  readonly host: string;
  /** Where `<repository>/manifests/…` follows: `https://registry-1.docker.io/v2/`. */
  readonly base: string;
  /** For a mirror, the registry that it stands for: sent as `ns`. */
  readonly mirrorOf?: string | undefined;
  /** Plain http is spoken, and if the host answers with TLS its certificate is not checked. */
  readonly insecure: boolean;
}

/** The registry of `domain` itself. Loopback hosts and those in `insecure` are spoken to over http. */
export function originEndpoint(domain: string, insecure: readonly string[] = []): Endpoint {
  const plain = isLoopback(domain) || insecure.includes(domain);
  const address = domain === "docker.io" ? "registry-1.docker.io" : domain;
  return { host: domain, base: `${plain ? "http" : "https"}://${address}/v2/`, insecure: plain };
}

/**
 * A mirror given as `host[:port][/path]` or as a URL; a path comes after `/v2/`, as with buildkitd's mirrors.
 * `http://` makes any host insecure.
 */
export function mirrorEndpoint(mirror: string, domain: string, insecure: readonly string[] = []): Endpoint {
  // A login stays in the URL alone: the host is what errors name.
  const [, scheme, login = "", host = "", path = ""] =
    /^(?:(https?):\/\/)?([^/]*@)?([^/]+)(?:\/(.*))?$/.exec(mirror) ?? [];
  const plain = scheme === "http" || (scheme === undefined && (isLoopback(host) || insecure.includes(host)));
  const prefix = path
    .replace(/^v2(?:\/|$)/, "")
    .replace(/\/*$/, "/")
    .replace(/^\/+/, "");
  return {
    host,
    base: `${plain ? "http" : "https"}://${login}${host}/v2/${prefix}`,
    mirrorOf: domain,
    insecure: plain,
  };
}

/** Whether `host` (with or without a port) is this machine. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(host);
}
