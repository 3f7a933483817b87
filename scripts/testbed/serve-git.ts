import { logAccess } from "./access-log.ts";

const [port = "", log = "", root = "", backend = "", ...authorizations] = process.argv.slice(2);

async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const given = lowerScheme(request.headers.get("authorization") ?? "");
  if (url.pathname.startsWith("/private.git") && !authorizations.some((known) => lowerScheme(known) === given)) {
    const headers = { "www-authenticate": 'Basic realm="testbed"' };
    return new Response("unauthorized\n", { status: 401, headers });
  }
  const child = Bun.spawn([backend], {
    env: describeRequest(request, url),
    stdin: new Uint8Array(await request.arrayBuffer()),
    stdout: "pipe",
    stderr: "inherit",
  });
  return parseAnswer(new Uint8Array(await new Response(child.stdout).arrayBuffer()));
}

/** The scheme of an Authorization header has no case: buildkitd writes `basic`. */
function lowerScheme(authorization: string): string {
  return authorization.replace(/^\S+/, (scheme) => scheme.toLowerCase());
}

/** The environment that RFC 3875 gives to a CGI program. */
function describeRequest(request: Request, url: URL): Record<string, string> {
  const header = (name: string) => request.headers.get(name) ?? "";
  return {
    PATH: process.env.PATH ?? "",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_PROJECT_ROOT: root,
    GIT_PROTOCOL: header("git-protocol"),
    REQUEST_METHOD: request.method,
    PATH_INFO: url.pathname,
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: header("content-type"),
    CONTENT_LENGTH: header("content-length"),
    HTTP_CONTENT_ENCODING: header("content-encoding"),
    REMOTE_ADDR: "127.0.0.1",
  };
}

function parseAnswer(output: Uint8Array<ArrayBuffer>): Response {
  const end = Buffer.from(output.buffer).indexOf("\r\n\r\n");
  const lines = new TextDecoder().decode(output.subarray(0, end)).split("\r\n");
  const headers = new Headers(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const status = Number.parseInt(headers.get("status") ?? "200", 10);
  headers.delete("status");
  return new Response(output.subarray(end + 4), { status, headers });
}

Bun.serve({ hostname: "127.0.0.1", port: Number(port), fetch: logAccess(log, answer) });
