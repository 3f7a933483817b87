import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Credentials } from "../image/credentials.ts";
import { isLoopback } from "../image/endpoint.ts";
import { type HttpOptions, type HttpResponse, sendRequest } from "../image/http-request.ts";
import { parseObject, textMember } from "../image/json.ts";
import { statusError } from "../image/registry-error.ts";
import { basicAuthorization } from "../image/token.ts";
import { refusedLogin } from "./auth-refusal.ts";

/** What the daemon wants a token for, and the login to get it with. */
export interface TokenQuery {
  /** The registry as people know it. */
  readonly host: string;
  readonly realm: string;
  readonly service: string;
  readonly scopes: readonly string[];
  readonly credentials: Credentials | undefined;
  /** The file in which a login would be, for errors. */
  readonly configFile: string;
}

export interface Token {
  readonly text: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Seconds since 1970; 0 when the server does not say. */
  readonly issuedAt: number;
}

/** As the daemon calls itself to token servers, which some of them check. */
const clientId = "buildkit-client";
const defaultExpiry = 60;
const maxToken = 1024 * 1024;
const subject = "the token";

/**
 * Gets a bearer token from the realm: with a login by POST, and by GET where the server does not know POST (404, 401,
 * 405); without one by GET. Throws "registry.auth".
 */
export async function fetchSessionToken(query: TokenQuery, http: HttpOptions): Promise<Token> {
  const known = query.credentials;
  if (known?.registryToken !== undefined) return { text: known.registryToken, expiresIn: defaultExpiry, issuedAt: 0 };
  const realm = URL.parse(query.realm);
  if (realm === null || !/^https?:$/.test(realm.protocol)) {
    throw new LuakitError("registry.auth", `${query.host} asks for a token but does not say where to get it`);
  }
  if (known !== undefined && !mayHaveLogin(realm, query.host)) {
    throw new LuakitError("registry.auth", `${query.host} wants its password sent to ${realm.host} without TLS`);
  }
  try {
    return readToken(await request(query, realm, http), query, realm);
  } catch (error) {
    if (!(error instanceof LuakitError) || error.code === "registry.auth") throw error;
    const message = `cannot get a token for ${query.host}: ${error.message}`;
    throw new LuakitError("registry.auth", message, { hint: error.hint, cause: error });
  }
}

/** Only the daemon knows whether it speaks to a registry without TLS; then the token server is on the same host. */
function mayHaveLogin(realm: URL, host: string): boolean {
  if (realm.protocol === "https:" || isLoopback(realm.host)) return true;
  return realm.hostname === URL.parse(`http://${host}`)?.hostname;
}

async function request(query: TokenQuery, realm: URL, http: HttpOptions): Promise<HttpResponse> {
  const { credentials } = query;
  if (credentials?.identityToken === undefined && credentials?.password === undefined) return get(query, realm, http);
  const form = formOf(query, credentials);
  const response = await sendRequest({ url: realm.href, form, limit: maxToken, subject }, http);
  const again = [401, 404].includes(response.status) || (response.status === 405 && form.has("username"));
  return again ? get(query, realm, http) : response;
}

function formOf({ service, scopes }: TokenQuery, { username, password, identityToken }: Credentials): URLSearchParams {
  const form = new URLSearchParams();
  if (scopes.length > 0) form.set("scope", scopes.join(" "));
  form.set("service", service);
  form.set("client_id", clientId);
  if (identityToken !== undefined || username === undefined) {
    form.set("grant_type", "refresh_token");
    form.set("refresh_token", identityToken ?? password ?? "");
  } else {
    form.set("grant_type", "password");
    form.set("username", username);
    form.set("password", password ?? "");
  }
  return form;
}

function get({ service, scopes, credentials }: TokenQuery, realm: URL, http: HttpOptions): Promise<HttpResponse> {
  const url = new URL(realm);
  if (service !== "") url.searchParams.append("service", service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  const { username, password, identityToken } = credentials ?? {};
  const login = identityToken === undefined ? { username, password } : { password: identityToken };
  const headers: Record<string, string> =
    login.password === undefined ? {} : { Authorization: basicAuthorization(login) };
  return sendRequest({ url: url.href, headers, limit: maxToken, subject }, http);
}

function readToken(response: HttpResponse, query: TokenQuery, realm: URL): Token {
  if (response.status === 401 || response.status === 403) {
    throw refusedLogin(
      query.host,
      query.credentials && (query.credentials.origin ?? query.configFile),
      query.configFile,
    );
  }
  if (response.status !== 200) throw statusError(realm.host, subject, response);
  const answer = parseObject(response.body) ?? {};
  const text = textMember(answer, "access_token") ?? textMember(answer, "token");
  if (text === undefined || !/^[\x21-\x7e]+$/.test(text)) {
    throw new LuakitError("registry.auth", `the token server ${realm.host} did not answer with a token`);
  }
  const expiresIn = typeof answer.expires_in === "number" && answer.expires_in > 0 ? answer.expires_in : defaultExpiry;
  const issuedAt = Date.parse(textMember(answer, "issued_at") ?? "") / 1000;
  return { text, expiresIn: Math.floor(expiresIn), issuedAt: issuedAt > 0 ? Math.floor(issuedAt) : 0 };
}
