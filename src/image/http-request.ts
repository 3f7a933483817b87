import { LuakitError } from "../diagnostic/luakit-error.ts";
import { isConnectionReset, toNetworkError } from "./network-error.ts";

/** Trust for one host: extra authorities and a client certificate as PEM text. */
export interface TlsOptions {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
}

export interface HttpOptions {
  /** Milliseconds for one request with its redirects and its body. */
  readonly timeout: number;
  readonly userAgent: string;
  readonly signal?: AbortSignal | undefined;
  /** The trust for a host and port as they stand in a URL. */
  readonly tls?: ((host: string) => TlsOptions | undefined) | undefined;
}

export interface HttpRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A form; makes the request a POST. */
  readonly form?: URLSearchParams | undefined;
  /** What is stored; makes the request a PUT. */
  readonly content?: HttpContent | undefined;
  /** The most bytes that the body may have; `subject` is what the error calls it. */
  readonly limit: number;
  readonly subject: string;
}

export interface HttpContent {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

const maxRedirects = 5;
const maxErrorBody = 64 * 1024;
const retryPause = 200;

/**
 * Sends a request and reads the whole body. Follows redirects, but gives Authorization to no other origin and never
 * goes from https to http. Tries once more after a broken connection or a 5xx. Throws "image.resolve".
 */
export async function sendRequest(request: HttpRequest, options: HttpOptions): Promise<HttpResponse> {
  try {
    const response = await attempt(request, options);
    if (response.status < 500 || response.status === 501) return response;
  } catch (error) {
    if (!isConnectionReset(error)) throw error;
  }
  await Bun.sleep(retryPause);
  return attempt(request, options);
}

async function attempt(request: HttpRequest, options: HttpOptions): Promise<HttpResponse> {
  const expiry = AbortSignal.timeout(options.timeout);
  const signal = options.signal === undefined ? expiry : AbortSignal.any([expiry, options.signal]);
  let host = new URL(request.url).host;
  try {
    const response = await follow(request, options, signal, (next) => {
      host = next;
    });
    return { status: response.status, headers: response.headers, body: await readBody(response, request) };
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error instanceof LuakitError ? error : toNetworkError(error, host, options.timeout);
  }
}

async function follow(
  request: HttpRequest,
  options: HttpOptions,
  signal: AbortSignal,
  reached: (host: string) => void,
): Promise<Response> {
  let url = new URL(request.url);
  const type: Record<string, string> =
    request.content === undefined ? {} : { "Content-Type": request.content.mediaType };
  let headers: Record<string, string> = {
    "User-Agent": options.userAgent,
    "Accept-Encoding": "identity",
    ...request.headers,
    ...type,
  };
  for (let redirects = 0; ; redirects++) {
    reached(url.host);
    const trust = url.protocol === "https:" ? { tls: trustOf(options.tls?.(url.host)) } : {};
    const body = bodyOf(request, redirects);
    const response = await fetch(url, {
      headers,
      redirect: "manual",
      signal,
      // The runtime would make gigabytes of a few bytes, and print logins when a variable asks it to.
      decompress: false,
      verbose: false,
      ...body,
      ...trust,
    });
    const next = redirectTarget(response, url);
    if (next === undefined) return response;
    await response.body?.cancel();
    if (redirects === maxRedirects) throw refuse(`${url.host} redirects too often`);
    if (next.origin !== url.origin) headers = withoutAuthorization(headers);
    url = next;
  }
}

/** What is to be stored goes wherever a redirect leads; a form only to whom it was meant for. */
function bodyOf({ form, content }: HttpRequest, redirects: number): RequestInit {
  if (content !== undefined) return { method: "PUT", body: Uint8Array.from(content.bytes) };
  return form !== undefined && redirects === 0 ? { method: "POST", body: form } : {};
}

function redirectTarget(response: Response, url: URL): URL | undefined {
  const location = response.headers.get("Location");
  if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return undefined;
  const next = URL.parse(location, url.href);
  if (next === null || !/^https?:$/.test(next.protocol))
    throw refuse(`${url.host} redirects to a place that is not a URL`);
  if (url.protocol === "https:" && next.protocol === "http:") throw refuse(`${url.host} redirects from https to http`);
  return next;
}

async function readBody(response: Response, request: HttpRequest): Promise<Uint8Array> {
  const limit = response.ok ? request.limit : maxErrorBody;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit && response.ok) throw refuse(`${request.subject} is larger than ${limit / 1024 / 1024} MiB`);
    chunks.push(chunk);
    if (size > limit) break;
  }
  const body = Buffer.concat(chunks);
  return size > limit ? body : decode(body, response, request, limit);
}

/** Some servers compress although nobody asked them to. */
function decode(body: Buffer, { headers }: Response, { subject }: HttpRequest, limit: number): Uint8Array {
  const coding = headers.get("Content-Encoding") ?? "identity";
  if (coding === "identity" || body.length === 0) return body;
  if (coding !== "gzip") throw refuse(`${subject} has the content encoding "${coding}", which nobody asked for`);
  try {
    return process.getBuiltinModule("node:zlib").gunzipSync(body, { maxOutputLength: limit });
  } catch {
    throw refuse(`${subject} is damaged, or larger than ${limit / 1024 / 1024} MiB`);
  }
}

function withoutAuthorization(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "authorization"));
}

/** Bun takes an undefined member as a given one, and a variable as leave not to check certificates. */
function trustOf(tls: TlsOptions | undefined): Record<string, string | boolean> {
  const given = Object.entries(tls ?? {}).filter(([, value]) => value !== undefined);
  return { rejectUnauthorized: true, ...Object.fromEntries(given) };
}

function refuse(sentence: string): LuakitError {
  return new LuakitError("image.resolve", sentence);
}
