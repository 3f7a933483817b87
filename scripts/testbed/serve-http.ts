import { logAccess } from "./access-log.ts";
import { makeHttpFiles } from "./http-files.ts";
import { digestOf } from "./layout.ts";

const [port = "", log = ""] = process.argv.slice(2);
const files = makeHttpFiles();
const modified = new Date("2024-01-01T00:00:00Z").toUTCString();

function answer(request: Request): Response {
  const { pathname } = new URL(request.url);
  if (pathname === "/headers") return echo(request);
  const file = files[pathname];
  if (file === undefined) return new Response("not found\n", { status: 404 });
  if (file.authorization !== undefined && request.headers.get("authorization") !== file.authorization) {
    return new Response("unauthorized\n", { status: 401, headers: { "www-authenticate": "Bearer" } });
  }
  const etag = `"${digestOf(file.data).slice(-16)}"`;
  const headers = { etag, "last-modified": modified, "content-type": "application/octet-stream", ...file.headers };
  if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  return new Response(file.data, { headers });
}

/** One `name: value` line per header of the request. */
function echo(request: Request): Response {
  const lines = [...request.headers].map(([name, value]) => `${name}: ${value}\n`);
  return new Response(lines.join(""), { headers: { "content-type": "text/plain" } });
}

Bun.serve({ hostname: "127.0.0.1", port: Number(port), fetch: logAccess(log, answer) });
