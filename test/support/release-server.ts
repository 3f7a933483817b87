import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { githubCertificate } from "./github-certificate.ts";

/** What is wrong with a file: another byte in its middle, an end before its end, not there, or bytes that do not come. */
export type Fault = "corrupt" | "truncated" | "missing" | "stalled";

export interface ReleaseServerOptions {
  /** Directories with the files of releases, by version. */
  readonly releases: Readonly<Record<string, string>>;
  /** The version that `latest` leads to. */
  readonly latest: string;
  /** By what a file's name ends with. */
  readonly faults?: Readonly<Record<string, Fault>>;
  /** Answers as github.com does over TLS; {@link githubCertificate} is to be trusted. */
  readonly tls?: boolean;
  /** The bytes are behind an address without TLS. */
  readonly plain?: boolean;
}

/** A server on loopback that gives the files of releases as GitHub does. */
export interface ReleaseServer extends AsyncDisposable {
  /** What LUAKIT_RELEASES is to be. */
  readonly url: string;
  readonly port: number;
  /** The paths that were asked for, in order. */
  readonly requests: readonly string[];
  /** How many requests are being answered. */
  pending(): number;
}

const releasesPath = "/luakit-build/luakit/releases";

export function openReleaseServer(options: ReleaseServerOptions): ReleaseServer {
  const requests: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    ...(options.tls === true && { tls: { cert: githubCertificate.cert, key: githubCertificate.key } }),
    fetch(request) {
      const { pathname, host } = new URL(request.url);
      requests.push(pathname);
      return answer(pathname, host, options);
    },
  });
  const port = server.port ?? 0;
  const url = `${options.tls === true ? "https" : "http"}://127.0.0.1:${port}${releasesPath}`;
  const pending = () => server.pendingRequests;
  return { url, port, requests, pending, [Symbol.asyncDispose]: () => server.stop(true) };
}

/** The newest release's files lead to those of its version, and these to where the bytes are: on GitHub, another host. */
function answer(pathname: string, host: string, options: ReleaseServerOptions): Response {
  if (options.plain === true) return redirect(`http://${host}/assets/`);
  const latest = after(pathname, `${releasesPath}/latest/download/`);
  if (latest !== undefined) return redirect(`${releasesPath}/download/v${options.latest}/${latest}`);
  const named = after(pathname, `${releasesPath}/download/v`);
  if (named !== undefined && findFile(named, options) !== undefined) {
    const assets = host === "github.com" ? "https://release-assets.githubusercontent.com" : "";
    return redirect(`${assets}/assets/${named}`);
  }
  const path = findFile(after(pathname, "/assets/") ?? "", options);
  return path === undefined ? new Response("Not Found", { status: 404 }) : send(path, findFault(path, options));
}

function after(text: string, prefix: string): string | undefined {
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

/** The path of `VERSION/FILE`. */
function findFile(name: string, options: ReleaseServerOptions): string | undefined {
  const [version = "", file = "", ...more] = name.split("/");
  const directory = options.releases[version];
  if (directory === undefined || file === "" || more.length > 0) return undefined;
  const path = join(directory, file);
  return existsSync(path) && findFault(path, options) !== "missing" ? path : undefined;
}

function findFault(path: string, { faults = {} }: ReleaseServerOptions): Fault | undefined {
  return Object.entries(faults).find(([end]) => path.endsWith(end))?.[1];
}

function send(path: string, fault: Fault | undefined): Response {
  if (fault === undefined) return new Response(Bun.file(path));
  const bytes = new Uint8Array(readFileSync(path));
  const half = Math.floor(bytes.length / 2);
  if (fault === "corrupt") {
    bytes[half] = (bytes[half] ?? 0) ^ 1;
    return new Response(bytes);
  }
  return new Response(
    new ReadableStream({
      async pull(controller) {
        controller.enqueue(bytes.subarray(0, half));
        if (fault === "stalled") return new Promise(() => {});
        await Bun.sleep(50);
        // Without an error, which would be printed.
        controller.error();
      },
    }),
  );
}
