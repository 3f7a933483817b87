import { parseGitUrl, refOf, subdirOf } from "./git-url.ts";
import { checkText, invalid } from "./invalid.ts";
import type { Context } from "./location.ts";
import { sourceState } from "./source.ts";
import type { State } from "./state.ts";

export interface GitOptions {
  /** A branch, tag or commit. Default: what the URL says, else the remote's HEAD. */
  readonly ref?: string | undefined;
  readonly subdir?: string | undefined;
  readonly keepGitDir?: boolean | undefined;
  /** Default true. */
  readonly submodules?: boolean | undefined;
  /** The commit, or a prefix of it, that the ref must be. */
  readonly checksum?: string | undefined;
  /** Id of a secret with an access token. Default `GIT_AUTH_TOKEN`. */
  readonly authTokenSecret?: string | undefined;
  /** Id of a secret with a whole Authorization header. Default `GIT_AUTH_HEADER`. */
  readonly authHeaderSecret?: string | undefined;
  /** Id of the agent for ssh URLs. Default `default`. */
  readonly ssh?: string | undefined;
  /** Lines of a known_hosts file, for ssh URLs. */
  readonly knownHosts?: string | undefined;
  /** Times of files: when they were checked out, or of the commit. */
  readonly mtime?: "checkout" | "commit" | undefined;
  /** Take the commit of `checksum`, wherever the ref points to by now. */
  readonly fetchByCommit?: boolean | undefined;
}

/** A git repository, at any URL that BuildKit takes: https, ssh, git, scp-like, with `#ref:subdir` or `?ref=…`. */
export function git(text: string, options: GitOptions, context: Context): State {
  const url = parseGitUrl(text);
  const wanted = { ...url.query, ...defined(options) };
  const ref = wanted.ref === undefined ? url.ref : refOf(wanted.ref);
  const subdir = wanted.subdir === undefined ? url.subdir : subdirOf(wanted.subdir);
  const fragment = `#${ref}${subdir === "" ? "" : `:${subdir}`}`;
  const attributes = new Map([["git.fullurl", url.remote]]);
  const caps = new Set(["source.git", "source.git.fullurl"]);
  const set = (attribute: string, value: string, cap: string) => {
    attributes.set(attribute, value);
    caps.add(cap);
  };
  if (wanted.keepGitDir) set("git.keepgitdir", "true", "source.git.keepgitdir");
  if (wanted.submodules === false) set("git.skipsubmodules", "true", "source.git.skipsubmodules");
  if (wanted.checksum !== undefined) set("git.checksum", checkCommit(wanted.checksum), "source.git.checksum");
  if (wanted.mtime !== undefined) set("git.mtime", wanted.mtime, "source.git.mtime");
  if (wanted.fetchByCommit) {
    checkPinned(ref, wanted.checksum);
    set("git.fetchbycommit", "true", "source.git.fetchbycommit");
  }
  setSecrets(options, attributes, caps);
  if (url.ssh) setSsh(options, set);
  else if (options.ssh !== undefined || options.knownHosts !== undefined) {
    throw invalid(`ssh and known_hosts are for ssh URLs, and "${text}" is none`);
  }
  return sourceState(
    { identifier: `git://${url.place}${fragment === "#" ? "" : fragment}`, attributes, caps },
    context,
  );
}

function defined(options: GitOptions): GitOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function setSecrets(options: GitOptions, attributes: Map<string, string>, caps: Set<string>): void {
  // Go's client always names both secrets; the daemon goes on without those that nobody has.
  attributes.set("git.authtokensecret", secretId("auth_token_secret", options.authTokenSecret, "GIT_AUTH_TOKEN"));
  attributes.set("git.authheadersecret", secretId("auth_header_secret", options.authHeaderSecret, "GIT_AUTH_HEADER"));
  if (options.authTokenSecret !== undefined || options.authHeaderSecret !== undefined) caps.add("source.git.httpauth");
}

function secretId(option: string, id: string | undefined, otherwise: string): string {
  if (id === "") throw invalid(`${option}: the id of a secret is empty`);
  return id ?? otherwise;
}

function setSsh(options: GitOptions, set: (attribute: string, value: string, cap: string) => void): void {
  if (options.ssh === "") throw invalid("ssh: the id of an agent is empty", 'write ssh = "default"');
  set("git.mountsshsock", options.ssh ?? "default", "source.git.mountsshsock");
  if (options.knownHosts === undefined) return;
  checkText("known_hosts", options.knownHosts);
  set("git.knownsshhosts", `${options.knownHosts.replace(/\n$/, "")}\n`, "source.git.knownsshhosts");
}

function checkCommit(checksum: string): string {
  if (!/^[0-9a-f]{4,64}$/.test(checksum)) throw invalid(`checksum: "${checksum}" is no git commit`);
  return checksum;
}

// The daemon's own rule, told before it is asked.
function checkPinned(...commits: readonly (string | undefined)[]): void {
  if (commits.some((commit) => commit !== undefined && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit))) return;
  throw invalid("fetch-by-commit needs the whole commit", "write ?fetch-by-commit=true&checksum=COMMIT");
}
