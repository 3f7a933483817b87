import { LuakitError } from "../diagnostic/luakit-error.ts";
import { Auth, type FetchTokenRequest } from "../gen/filesync.ts";
import type { CredentialSource, Credentials } from "../image/credentials.ts";
import { configFile } from "../image/docker-config.ts";
import { type Service, unary } from "../rpc/server.ts";
import { rpcError } from "../rpc/status.ts";
import { deriveAuthority } from "./auth-authority.ts";
import { type AuthRecord, registryName } from "./auth-refusal.ts";
import { openTokenSeeds, type TokenSeeds } from "./auth-seed.ts";
import type { RegistryTls } from "./auth-tls.ts";
import { fetchSessionToken } from "./auth-token.ts";

export interface AuthOptions {
  readonly credentials: CredentialSource;
  /** Docker's configuration directory: seeds are kept there, and errors name its config.json. */
  readonly configDir: string;
  readonly userAgent: string;
  /** False has the daemon fetch tokens with the login itself (BUILDKIT_NO_CLIENT_TOKEN). Default true. */
  readonly clientTokens?: boolean | undefined;
  readonly tls?: RegistryTls | undefined;
  /** Filled as hosts are asked for, so that a failed build can be explained. */
  readonly record?: AuthRecord | undefined;
  /** A row for the progress, once each: `[auth] app:pull,push token for ghcr.io`. */
  readonly onActivity?: ((name: string) => void) | undefined;
}

type Desk = Omit<AuthOptions, "credentials"> & { readonly seeds: TokenSeeds; readonly login: CredentialSource };

const unavailable = 14;
const tokenTimeout = 30_000;

/**
 * `moby.filesync.v1.Auth`: logins for the daemon, and tokens instead of them where the registry has some. A daemon takes
 * Unavailable (and Unimplemented) as "ask for the login"; every other failure ends the pull or push.
 */
export function auth(options: AuthOptions): Service {
  const desk: Desk = { ...options, seeds: openTokenSeeds(options.configDir), login: recordLogins(options) };
  const onActivity = once(options.onActivity);
  return [
    unary(Auth.Credentials, async ({ Host }) => {
      const answer = toAnswer(await desk.login(Host));
      if (answer.Secret !== "") onActivity(`[auth] sharing credentials for ${Host}`);
      return answer;
    }),
    unary(Auth.FetchToken, async (request, { signal }) => {
      const credentials = await desk.login(request.Host);
      if (toAnswer(credentials).Secret !== "") onActivity(describeToken(request));
      return recordFailure(options.record, () => fetchToken(desk, request, credentials, signal));
    }),
    unary(Auth.GetTokenAuthority, async ({ Host, Salt }) => ({
      PublicKey: (await openAuthority(desk, Host, Salt)).publicKey,
    })),
    unary(Auth.VerifyTokenAuthority, async ({ Host, Salt, Payload }) => ({
      Signed: await (await openAuthority(desk, Host, Salt)).sign(Payload),
    })),
  ];
}

function recordLogins({ credentials, record, configDir }: AuthOptions): CredentialSource {
  return async (host) => {
    const found = await recordFailure(record, () => credentials(host));
    record?.logins.set(host, found && (found.origin ?? configFile(configDir)));
    return found;
  };
}

async function recordFailure<T>(record: AuthRecord | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof LuakitError) record?.failures.push(error);
    throw error;
  }
}

function toAnswer(credentials: Credentials | undefined): { Username: string; Secret: string } {
  const { username = "", password = "", identityToken } = credentials ?? {};
  return identityToken === undefined
    ? { Username: username, Secret: password }
    : { Username: "", Secret: identityToken };
}

async function openAuthority({ clientTokens = true, login, seeds }: Desk, host: string, salt: Uint8Array) {
  if (!clientTokens) throw rpcError({ code: unavailable, message: "client side tokens disabled", details: [] });
  const { Secret } = toAnswer(await login(host));
  return deriveAuthority(salt, Secret === "" ? new Uint8Array() : await seeds(host));
}

async function fetchToken(
  { tls, userAgent, configDir }: Desk,
  request: FetchTokenRequest,
  credentials: Credentials | undefined,
  signal: AbortSignal,
) {
  const { Host, Realm, Service, Scopes } = request;
  const query = { host: registryName(Host), realm: Realm, service: Service, scopes: Scopes, credentials };
  const trust = await tls?.(Host);
  const server = URL.parse(Realm)?.host;
  const token = await fetchSessionToken(
    { ...query, configFile: configFile(configDir) },
    // A redirect to another host gets no client certificate.
    { timeout: tokenTimeout, userAgent, signal, tls: (host) => (host === server ? trust : undefined) },
  );
  return { Token: token.text, ExpiresIn: token.expiresIn, IssuedAt: token.issuedAt };
}

function describeToken({ Host, Scopes }: FetchTokenRequest): string {
  const scopes = Scopes.map((scope) => scope.replace(/^repository:/, "")).join(" ");
  return `[auth] ${scopes} token for ${Host}`;
}

function once(report: ((name: string) => void) | undefined): (name: string) => void {
  const said = new Set<string>();
  return (name) => {
    if (said.has(name)) return;
    said.add(name);
    report?.(name);
  };
}
