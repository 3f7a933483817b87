import { parseDigest } from "./digest.ts";
import { checkId, checkInteger, checkText, invalid } from "./invalid.ts";
import type { Context } from "./location.ts";
import { sourceState } from "./source.ts";
import type { State } from "./state.ts";

/** How the one file of a source looks. */
export interface FileOptions {
  readonly filename?: string | undefined;
  /** Permission bits. Default 0600. */
  readonly chmod?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

export interface HttpOptions extends FileOptions {
  /** The digest that the daemon insists on. */
  readonly checksum?: string | undefined;
  /** Only `accept` and `user-agent` are sent by the daemon; others are refused. */
  readonly headers?: ReadonlyMap<string, string> | undefined;
  /** Id of a secret with a whole Authorization header. */
  readonly authHeaderSecret?: string | undefined;
}

/** A file at an http or https URL. */
export function http(url: string, options: HttpOptions, context: Context): State {
  checkUrl(url);
  const { attributes, caps } = fileAttributes(options);
  caps.add("source.http");
  if (options.chmod) caps.add("source.http.perm");
  // Misspelled in BuildKit itself.
  if (options.uid || options.gid) caps.add("soruce.http.uidgid");
  if (options.checksum !== undefined) {
    attributes.set("http.checksum", parseDigest("checksum", options.checksum));
    caps.add("source.http.checksum");
  }
  if (options.authHeaderSecret !== undefined) {
    if (options.authHeaderSecret === "") throw invalid("auth_header_secret: the id of a secret is empty");
    attributes.set("http.authheadersecret", options.authHeaderSecret);
    caps.add("source.http.auth");
  }
  for (const [name, value] of options.headers ?? []) {
    attributes.set(headerAttribute(name), checkHeader(name, value));
    caps.add("source.http.header");
  }
  return sourceState({ identifier: url, attributes, caps }, context);
}

/** The attributes that all sources of one file share. */
export function fileAttributes(options: FileOptions): { attributes: Map<string, string>; caps: Set<string> } {
  const attributes = new Map<string, string>();
  if (options.filename !== undefined) attributes.set("http.filename", checkFilename(options.filename));
  if (options.chmod !== undefined) checkInteger("chmod", options.chmod, 1, 0o777);
  if (options.chmod) attributes.set("http.perm", `0${options.chmod.toString(8)}`);
  checkId("uid", options.uid);
  checkId("gid", options.gid);
  if (options.uid) attributes.set("http.uid", String(options.uid));
  if (options.gid) attributes.set("http.gid", String(options.gid));
  return { attributes, caps: new Set() };
}

function checkFilename(filename: string): string {
  checkText("filename", filename);
  if (filename === "" || filename === "." || filename === ".." || filename.includes("/")) {
    throw invalid(`filename: "${filename}" is no name of a file`);
  }
  return filename;
}

function checkUrl(url: string): void {
  checkText("the URL", url);
  if (!/^https?:\/\/[^/?#\s]+/.test(url)) throw invalid(`"${url}" is no http or https URL`);
  if (/^https?:\/\/[^/?#]*@/.test(url)) {
    throw invalid("a user or password in a URL would stand in the Definition", "use auth_header_secret");
  }
}

/** A line break would end the header; the daemon's client sends no control characters but tabs. */
function checkHeader(name: string, value: string): string {
  if (/(?!\t)\p{Cc}/u.test(value))
    throw invalid(`headers: the value of "${name}" has a line break or another control character`);
  return value;
}

function headerAttribute(name: string): string {
  if (/\p{Cc}/u.test(name))
    throw invalid(`headers: the name ${JSON.stringify(name)} has a line break or another control character`);
  const header = name.toLowerCase();
  if (header === "accept" || header === "user-agent") return `http.header.${header}`;
  const hint = header === "authorization" ? "use auth_header_secret" : "accept and user-agent are sent";
  throw invalid(`headers: the daemon does not send "${name}"`, hint);
}
