import type { Context } from "../llb/location.ts";
import { type GitOptions, git } from "../llb/source-git.ts";
import { type State, withMetadata } from "../llb/state.ts";

/**
 * Whether a context's URL is one of git, by the rules of the Dockerfile frontend: of http URLs only those whose path
 * ends with `.git`.
 */
export function isGitContext(url: string): boolean {
  if (/^\.\.?\//.test(url)) return false;
  if (/^(github\.com\/|(git|ssh):\/\/|[\w-]+@[\w.-]+:)/i.test(url)) return true;
  return /^https?:\/\/[^?#]*\.git([?#]|$)/i.test(url);
}

/** The repository that a context's URL names. */
export function gitContext(url: string, options: GitOptions, context: Context): State {
  return withMetadata(git(url, options, context), { name: `[internal] load git source ${url}` });
}
