export interface TokenServer {
  readonly url: string;
  /** What it was asked, one line each. */
  readonly asked: string[];
  stop(): void;
}

/**
 * A token server. `me` has the password `s3cret`, the refresh token is `refresh`. `/token` knows POST and GET; `/get-401`,
 * `/get-404` and `/get-405` answer so to POST; `/private` has no anonymous tokens; `/bare` and others answer oddly.
 */
export function openTokenServer(tls?: Bun.TLSOptions): TokenServer {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    ...(tls && { tls }),
    async fetch(request) {
      const url = new URL(request.url);
      const form = new URLSearchParams(request.method === "POST" ? await request.text() : "");
      const login = request.headers.get("authorization") ?? "";
      asked.push(`${request.method} ${url.pathname}${url.search} ${form} ${login}`.trim());
      return answer(url, request.method, form, login);
    },
  });
  return { url: server.url.href.replace(/\/$/, ""), asked, stop: () => server.stop(true) };
}

function answer(url: URL, method: string, form: URLSearchParams, login: string): Response {
  const odd = odds[url.pathname];
  if (odd !== undefined) return odd();
  const refused = /^\/get-(\d+)$/.exec(url.pathname)?.[1];
  if (method === "POST" && refused !== undefined) return new Response("no", { status: Number(refused) });
  if (method === "POST") return answerPost(form);
  if (login === "") {
    if (url.pathname === "/private") return new Response("{}", { status: 401 });
    return Response.json({ token: "token-of-anybody" });
  }
  const known = [`Basic ${btoa("me:s3cret")}`, `Basic ${btoa(":refresh")}`];
  if (!known.includes(login)) return new Response("{}", { status: 401 });
  return Response.json({ token: "token-by-get", expires_in: 120 });
}

function answerPost(form: URLSearchParams): Response {
  const password = form.get("grant_type") === "password" && form.get("password") === "s3cret";
  const refresh = form.get("grant_type") === "refresh_token" && form.get("refresh_token") === "refresh";
  if (!password && !refresh) return new Response("{}", { status: 401 });
  const issued_at = "2023-11-14T22:13:20Z";
  return Response.json({ access_token: password ? "token-of-me" : "token-of-id", expires_in: 300, issued_at });
}

const odds: Readonly<Record<string, () => Response>> = {
  "/text": () => new Response("hello"),
  "/empty": () => Response.json({}),
  "/header": () => Response.json({ token: "a\r\nb: c" }),
  "/broken": () => Response.json({ errors: [{ code: "DENIED", message: "the disk is full" }] }, { status: 502 }),
  "/limited": () => new Response("", { status: 429 }),
};
