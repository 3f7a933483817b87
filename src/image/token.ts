import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Challenge } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";
import { isLoopback } from "./endpoint.ts";
import { type HttpOptions, type HttpResponse, sendRequest } from "./http-request.ts";
import { parseObject, textMember } from "./json.ts";
import { deniedError, statusError } from "./registry-error.ts";

const clientId = "luakit";
const maxToken = 1024 * 1024;

export interface TokenRequest {
  /** The registry for which the token is. */
  readonly host: string;
  /** Used when the challenge names no scope: `repository:library/alpine:pull`. */
  readonly scope: string;
  readonly challenge: Challenge;
  readonly credentials: Credentials | undefined;
  /** The registry itself is spoken to without TLS, so its token server may be as well. */
  readonly insecure: boolean;
}

/** Gets a bearer token from the challenge's realm: anonymously, with a password, or with an identity token by OAuth. */
export async function fetchToken(request: TokenRequest, options: HttpOptions): Promise<string> {
  const realm = parseRealm(request);
  const scopes = (request.challenge.parameters.get("scope") ?? request.scope)
    .split(" ")
    .filter((scope) => scope !== "");
  const service = request.challenge.parameters.get("service");
  const response =
    request.credentials?.identityToken === undefined
      ? await getToken(realm, service, scopes, request.credentials, options)
      : await postToken(realm, service, scopes, request.credentials.identityToken, options);
  return readToken(response, realm, request);
}

/** The `Authorization` value for a user and password. */
export function basicAuthorization({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username ?? ""}:${password ?? ""}`).toString("base64")}`;
}

function parseRealm({ challenge, host, credentials, insecure }: TokenRequest): URL {
  const realm = URL.parse(challenge.parameters.get("realm") ?? "");
  if (realm === null || !/^https?:$/.test(realm.protocol)) {
    throw new LuakitError("image.resolve", `${host} asks for a token but does not say where to get it`);
  }
  const plain = realm.protocol === "http:" && !isLoopback(realm.host) && !insecure;
  if (plain && credentials !== undefined) {
    throw new LuakitError("image.resolve", `${host} wants its password sent to ${realm.host} without TLS`);
  }
  return realm;
}

function getToken(
  realm: URL,
  service: string | undefined,
  scopes: readonly string[],
  credentials: Credentials | undefined,
  options: HttpOptions,
): Promise<HttpResponse> {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.append("service", service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  const known = credentials?.password === undefined ? undefined : credentials;
  if (known?.username !== undefined) url.searchParams.append("account", known.username);
  const headers: Record<string, string> = known === undefined ? {} : { Authorization: basicAuthorization(known) };
  return sendRequest({ url: url.href, headers, limit: maxToken, subject: "the token" }, options);
}

function postToken(
  realm: URL,
  service: string | undefined,
  scopes: readonly string[],
  identityToken: string,
  options: HttpOptions,
): Promise<HttpResponse> {
  const form = new URLSearchParams({ grant_type: "refresh_token", client_id: clientId, refresh_token: identityToken });
  if (service !== undefined) form.set("service", service);
  if (scopes.length > 0) form.set("scope", scopes.join(" "));
  return sendRequest({ url: realm.href, form, limit: maxToken, subject: "the token" }, options);
}

function readToken(response: HttpResponse, realm: URL, request: TokenRequest): string {
  if (response.status === 401 || response.status === 403) throw deniedError(request.host, request.credentials);
  if (response.status !== 200) throw statusError(realm.host, "a token", response);
  const answer = parseObject(response.body) ?? {};
  const token = textMember(answer, "access_token") ?? textMember(answer, "token");
  if (token !== undefined && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new LuakitError("image.resolve", `the token server ${realm.host} did not answer with a token`);
}
