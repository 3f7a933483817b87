import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import type { CredentialSource } from "./credentials.ts";
import { digestOf, hasDigest } from "./digest.ts";
import type { Endpoint } from "./endpoint.ts";
import { type HttpContent, type HttpOptions, type HttpResponse, sendRequest, type TlsOptions } from "./http-request.ts";
import { type Descriptor, manifestTypes, type RawManifest } from "./manifest.ts";
import { isConnectionReset } from "./network-error.ts";
import { isDigest } from "./reference.ts";
import { deniedError, statusError } from "./registry-error.ts";
import { basicAuthorization, fetchToken } from "./token.ts";

const maxManifest = 4 * 1024 * 1024;
const maxBlob = 8 * 1024 * 1024;

interface Answer {
  readonly path: string;
  readonly repository: string;
  readonly subject: string;
  readonly limit: number;
  readonly accept: readonly string[];
  /** What is stored there. */
  readonly content?: HttpContent;
}

/** What is asked of one registry's HTTP API: images, and to store a manifest whose parts it has. Keeps the authorization of each repository while it lives. */
export class Registry {
  readonly #endpoint: Endpoint;
  readonly #credentials: CredentialSource;
  readonly #http: HttpOptions;
  readonly #authorizations = new Map<string, Promise<string>>();
  /** Basic authorization is the same for every repository. */
  #basic: Promise<string> | undefined;
  #base: string;

  constructor(endpoint: Endpoint, credentials: CredentialSource, http: HttpOptions) {
    this.#endpoint = endpoint;
    this.#credentials = credentials;
    this.#http = { ...http, tls: (host) => this.#tlsOf(host, http) };
    this.#base = endpoint.base;
  }

  get host(): string {
    return this.#endpoint.host;
  }

  /** The manifest or index of a tag or digest; its bytes are checked against the digest. At most 4 MiB. */
  async manifest(repository: string, reference: string): Promise<RawManifest> {
    const separator = isDigest(reference) ? "@" : ":";
    const response = await this.#ask({
      path: `${repository}/manifests/${reference}`,
      repository,
      subject: `"${repository}${separator}${reference}"`,
      limit: maxManifest,
      accept: manifestTypes,
    });
    const digest = isDigest(reference) ? reference : digestOf(response.body);
    const claimed = response.headers.get("Docker-Content-Digest");
    this.#verify(response.body, digest, "manifest");
    if (claimed !== null && isDigest(claimed)) this.#verify(response.body, claimed, "manifest");
    return { digest, mediaType: response.headers.get("Content-Type")?.split(";", 1)[0]?.trim(), bytes: response.body };
  }

  /** A blob, checked against its digest. At most 8 MiB. */
  async blob(repository: string, descriptor: Descriptor): Promise<Uint8Array> {
    const { digest } = descriptor;
    const subject = `the blob ${digest}`;
    const path = `${repository}/blobs/${digest}`;
    const response = await this.#ask({
      path,
      repository,
      subject,
      limit: maxBlob,
      accept: [descriptor.mediaType, "*/*"],
    });
    this.#verify(response.body, digest, "blob");
    return response.body;
  }

  /** Stores a manifest or index under a tag or its digest. The registry must have what it refers to. */
  async putManifest(repository: string, reference: string, content: HttpContent): Promise<void> {
    await this.#ask({
      path: `${repository}/manifests/${reference}`,
      repository,
      subject: `"${repository}${isDigest(reference) ? "@" : ":"}${reference}"`,
      limit: maxManifest,
      accept: [],
      content,
    });
  }

  async #ask(answer: Answer): Promise<HttpResponse> {
    const { host } = this.#endpoint;
    const known = this.#authorizations.get(answer.repository) ?? this.#basic;
    let response = await this.#send(answer, await known);
    if (response.status === 401) {
      const current = this.#authorizations.get(answer.repository) ?? this.#basic;
      const fresh = current === known ? this.#authorize(response, answer) : current;
      response = await this.#send(answer, await fresh);
    }
    if (response.status === 200 || (answer.content !== undefined && response.status < 300)) return response;
    if (response.status !== 401 && response.status !== 403) {
      throw statusError(host, answer.subject, response, answer.repository);
    }
    // Whether there is a login only colours the message; a broken credential helper must not replace it.
    const credentials = await this.#credentials(host).catch(() => undefined);
    throw deniedError(host, credentials, `"${answer.repository}"`);
  }

  async #send(answer: Answer, authorization: string | undefined): Promise<HttpResponse> {
    const { mirrorOf, insecure } = this.#endpoint;
    const query = mirrorOf === undefined ? "" : `?ns=${encodeURIComponent(mirrorOf)}`;
    const headers: Record<string, string> = answer.accept.length === 0 ? {} : { Accept: answer.accept.join(", ") };
    if (authorization !== undefined) headers.Authorization = authorization;
    const send = () => sendRequest({ ...answer, url: `${this.#base}${answer.path}${query}`, headers }, this.#http);
    if (!insecure || this.#base.startsWith("https:")) return send();
    const response = await send().catch((error: unknown) => {
      if (!isConnectionReset(error)) throw error;
      return undefined;
    });
    if (response !== undefined && !wantsTls(response)) return response;
    this.#base = this.#base.replace(/^http:/, "https:");
    return send();
  }

  #authorize(response: HttpResponse, answer: Answer): Promise<string> {
    const challenges = parseChallenges(response.headers.get("WWW-Authenticate") ?? "");
    const bearer = challenges.find((challenge) => challenge.scheme === "bearer");
    if (bearer === undefined) {
      this.#basic = this.#basicAuthorization(challenges, answer);
      return this.#basic;
    }
    const authorization = this.#bearerAuthorization(bearer, answer);
    this.#authorizations.set(answer.repository, authorization);
    return authorization;
  }

  async #bearerAuthorization(challenge: Challenge, answer: Answer): Promise<string> {
    const { host, insecure } = this.#endpoint;
    const credentials = await this.#credentials(host);
    if (credentials?.registryToken !== undefined) return `Bearer ${credentials.registryToken}`;
    const scope = `repository:${answer.repository}:${answer.content === undefined ? "pull" : "pull,push"}`;
    return `Bearer ${await fetchToken({ host, scope, challenge, credentials, insecure }, this.#http)}`;
  }

  async #basicAuthorization(challenges: readonly Challenge[], answer: Answer): Promise<string> {
    const { host } = this.#endpoint;
    const credentials = await this.#credentials(host);
    const offered = challenges.some((challenge) => challenge.scheme === "basic");
    if (offered && credentials?.password !== undefined) return basicAuthorization(credentials);
    throw deniedError(host, credentials, `"${answer.repository}"`);
  }

  #tlsOf(host: string, http: HttpOptions): TlsOptions | undefined {
    const given = http.tls?.(host);
    const own = this.#endpoint.insecure && new URL(this.#base).host === host;
    return own ? { rejectUnauthorized: false, ...given } : given;
  }

  #verify(bytes: Uint8Array, digest: string, what: string): void {
    if (hasDigest(bytes, digest)) return;
    const message = `${this.#endpoint.host} sent a ${what} that does not have the digest ${digest}`;
    throw new LuakitError("image.resolve", message, { hint: `check the registry at ${this.#endpoint.host}` });
  }
}

/** Go's servers answer so when plain http arrives on a TLS port. */
function wantsTls(response: HttpResponse): boolean {
  return response.status === 400 && new TextDecoder().decode(response.body).includes("HTTP request to an HTTPS server");
}
