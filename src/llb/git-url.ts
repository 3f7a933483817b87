import { checkText, invalid } from "./invalid.ts";
import { cleanPath } from "./path.ts";

/** What a git URL says, taken apart as BuildKit does. */
export interface GitUrl {
  /** Host and path, the same for every protocol: `github.com/moby/buildkit.git`. */
  readonly place: string;
  /** What git itself is given: the URL without query and fragment. */
  readonly remote: string;
  readonly ssh: boolean;
  /** "" when the URL has none. */
  readonly ref: string;
  readonly subdir: string;
  readonly query: GitQuery;
}

/** Options in the URL's query, as the Dockerfile frontend takes them. */
export interface GitQuery {
  readonly ref?: string;
  readonly subdir?: string;
  readonly checksum?: string;
  readonly keepGitDir?: boolean;
  readonly submodules?: boolean;
  readonly mtime?: "checkout" | "commit";
  readonly fetchByCommit?: boolean;
}

/** Parses every form that BuildKit takes; without a protocol it is https. */
export function parseGitUrl(text: string): GitUrl {
  checkText("the URL", text);
  const scp = /^([\w-]+)@([a-zA-Z0-9.-]+):([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(text);
  if (scp !== null) {
    const [, user = "", host = "", path = "", query, fragment] = scp;
    return assemble({ host, path, remote: `${user}@${host}:${path}`, ssh: true, query, fragment });
  }
  const standard = /^([a-zA-Z0-9]+):\/\/(?:([^/?#@]*)@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/;
  const match = standard.exec(/^[a-zA-Z0-9]+:\/\//.test(text) ? text : `https://${text}`);
  if (match === null) throw invalid(`"${text}" is no git URL`);
  return fromStandard(text, match);
}

function fromStandard(text: string, match: RegExpExecArray): GitUrl {
  const [, scheme = "", user, host = "", path = "", query, fragment] = match;
  const protocol = scheme.toLowerCase();
  if (!["http", "https", "ssh", "git"].includes(protocol)) {
    throw invalid(`"${text}": git has no protocol "${protocol}"`, "http, https, ssh and git are there");
  }
  if (!/^[a-zA-Z0-9][\w.-]*(:\d+)?$|^\[[0-9a-fA-F:.]+\](:\d+)?$/.test(host)) throw invalid(`"${text}" names no host`);
  if (host.startsWith("[") && !URL.canParse(`http://${host}/`)) throw invalid(`"${text}": the address is malformed`);
  if (/\p{Cc}/u.test(path + (query ?? ""))) throw invalid("the URL contains a control character");
  if (user?.includes(":"))
    throw invalid("a password in a git URL would stand in the Definition", "use auth_token_secret");
  const place = `${user === undefined ? "" : `${escapeUser(text, user)}@`}${host}${escapePath(path)}`;
  // Go keeps a question mark that nothing follows.
  const remote = `${protocol}://${place}${query === "" ? "?" : ""}`;
  return assemble({
    host,
    path: decode(path),
    remote,
    ssh: protocol === "ssh",
    query,
    fragment: fragment === undefined ? undefined : decode(fragment),
  });
}

interface Parts {
  readonly host: string;
  readonly path: string;
  readonly remote: string;
  readonly ssh: boolean;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

function assemble(parts: Parts): GitUrl {
  const query = parseQuery(parts.query ?? "");
  const [ref = "", ...rest] = (parts.fragment ?? "").split(":");
  const subdir = subdirOf(rest.join(":"));
  conflict("ref", ref, query.ref);
  conflict("subdir", subdir, query.subdir);
  return {
    place: parts.host + cleanPath(`/${parts.path}`),
    remote: parts.remote,
    ssh: parts.ssh,
    ref: ref === "" ? "" : refOf(ref),
    subdir,
    query,
  };
}

function conflict(what: string, inFragment: string, inQuery: string | undefined): void {
  if (inFragment === "" || inQuery === undefined || inFragment === inQuery) return;
  throw invalid(`the git URL says two things about the ${what}: "${inFragment}" and "${inQuery}"`);
}

/** Checks a branch, tag or commit. */
export function refOf(ref: string): string {
  checkText("ref", ref);
  if (ref.startsWith("-") || /[\s:~^?*[\\]/.test(ref)) throw invalid(`ref: "${ref}" is no git ref`);
  return ref;
}

/** A directory of the repository, without slashes around it. */
export function subdirOf(subdir: string): string {
  checkText("subdir", subdir);
  return cleanPath(`/${subdir}`).slice(1);
}

const flags: ReadonlyMap<string, boolean> = new Map([
  ...["", "1", "t", "T", "true", "TRUE", "True"].map((word) => [word, true] as const),
  ...["0", "f", "F", "false", "FALSE", "False"].map((word) => [word, false] as const),
]);

function parseQuery(text: string): GitQuery {
  const query: { -readonly [K in keyof GitQuery]: GitQuery[K] } = {};
  const refs: string[] = [];
  const seen = new Set<string>();
  for (const [key, value] of new URLSearchParams(text)) {
    if (seen.has(key)) throw invalid(`the git URL has "${key}" twice`);
    seen.add(key);
    if (key === "keep-git-dir") query.keepGitDir = flag(key, value);
    else if (key === "submodules") query.submodules = flag(key, value);
    else if (key === "fetch-by-commit") query.fetchByCommit = flag(key, value);
    else if (value === "") throw invalid(`the git URL has no value for "${key}"`);
    else if (key === "ref") refs.push(value);
    else if (key === "tag") refs.push(value.startsWith("refs/tags/") ? value : `refs/tags/${value}`);
    else if (key === "branch") refs.push(value.startsWith("refs/heads/") ? value : `refs/heads/${value}`);
    else if (key === "subdir") query.subdir = value;
    else if (key === "checksum" || key === "commit") query.checksum = value;
    else if (key === "mtime" && (value === "checkout" || value === "commit")) query.mtime = value;
    else throw invalid(`the git URL has an unknown query: "${key}=${value}"`);
  }
  if (new Set(refs).size > 1) throw invalid(`the git URL names several refs: "${refs.join('", "')}"`);
  const [ref] = refs;
  return ref === undefined ? query : { ...query, ref };
}

function flag(key: string, value: string): boolean {
  const known = flags.get(value);
  if (known === undefined) throw invalid(`the git URL has "${key}=${value}", which is neither true nor false`);
  return known;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(`"${text}" has a % that is no escape`);
  }
}

// As Go's url.Userinfo.String.
function escapeUser(text: string, user: string): string {
  if (!/^[\w.~!$&'()*+,;=%-]*$/.test(user)) throw invalid(`"${text}" has a user whom no URL can name`);
  return encodeURIComponent(decode(user)).replace(/%(24|26|2B|2C|3B|3D)|[!'()*]/g, escapeLess);
}

// As Go's url.URL.String: a path with only legal characters stays as it was written.
function escapePath(path: string): string {
  if (/^(?:[\w.~!$&'()*+,;=:@/[\]-]|%[0-9a-fA-F]{2})*$/.test(path)) return path;
  return encodeURIComponent(decode(path)).replace(/%(24|26|2B|2C|2F|3A|3B|3D|40)|[!'()*]/g, escapeLess);
}

/** Go escapes the one kind of characters, where JavaScript escapes the other. */
function escapeLess(escaped: string, code: string | undefined): string {
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  return `%${escaped.charCodeAt(0).toString(16).toUpperCase()}`;
}
