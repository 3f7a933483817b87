import { testbed } from "./testbed.ts";

export interface TokenRegistry {
  /** `127.0.0.1:port`, plain http. */
  readonly host: string;
  /** What the token server was asked: `POST password me`, `GET anonymous`, with the scopes. */
  readonly asked: string[];
  stop(): void;
}

/**
 * The testbed's registry behind bearer tokens, for which `me` with `s3cret-pass`, or the refresh token `s3cret-refresh`,
 * is known. `anonymous` may pull.
 */
export function openTokenRegistry(options: { readonly anonymous?: boolean } = {}): TokenRegistry {
  const asked: string[] = [];
  const tokens = new Set<string>();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    maxRequestBodySize: 1024 ** 3,
    async fetch(request) {
      const url = new URL(request.url);
      if (url.pathname === "/token") return giveToken(request, url, asked, tokens, options.anonymous === true);
      const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
      if (tokens.has(token)) return forward(request, url);
      const challenge = `Bearer realm="http://${url.host}/token",service="the registry",scope="${scopeOf(request, url)}"`;
      return new Response("{}", { status: 401, headers: { "www-authenticate": challenge } });
    },
  });
  return { host: server.url.host, asked, stop: () => server.stop(true) };
}

async function giveToken(
  request: Request,
  url: URL,
  asked: string[],
  tokens: Set<string>,
  anonymous: boolean,
): Promise<Response> {
  const form = new URLSearchParams(request.method === "POST" ? await request.text() : url.search);
  const login = loginOf(request, form);
  asked.push(`${request.method} ${login} ${form.getAll("scope").join(" ")}`);
  const known = ["me:s3cret-pass", "s3cret-refresh", ...(anonymous ? ["anonymous"] : [])];
  if (!known.includes(login)) return new Response("{}", { status: 401 });
  const token = crypto.randomUUID();
  tokens.add(token);
  return Response.json({ access_token: token, token, expires_in: 300 });
}

function loginOf(request: Request, form: URLSearchParams): string {
  const basic = request.headers.get("authorization");
  if (basic !== null) return atob(basic.replace(/^Basic /, ""));
  if (form.get("grant_type") === "refresh_token") return form.get("refresh_token") ?? "";
  return form.has("username") ? `${form.get("username")}:${form.get("password")}` : "anonymous";
}

function scopeOf(request: Request, url: URL): string {
  const name = /^\/v2\/(.+?)\/(?:manifests|blobs|tags)\//.exec(url.pathname)?.[1] ?? "";
  return `repository:${name}:${["GET", "HEAD"].includes(request.method) ? "pull" : "pull,push"}`;
}

async function forward(request: Request, url: URL): Promise<Response> {
  const headers = new Headers(request.headers);
  headers.delete("authorization");
  const answer = await fetch(`http://${testbed().registry}${url.pathname}${url.search}`, {
    method: request.method,
    headers: { ...Object.fromEntries(headers), host: url.host },
    redirect: "manual",
    decompress: false,
    ...(["GET", "HEAD"].includes(request.method) ? {} : { body: await request.bytes() }),
  });
  return new Response(request.method === "HEAD" ? null : await answer.bytes(), answer);
}
