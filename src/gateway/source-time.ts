import type { ResolveSourceMetaRequest, ResolveSourceMetaResponse } from "../gen/gateway.ts";
import type { SourceOp } from "../llb/source.ts";
import type { Init } from "../wire/codec.ts";

/** A question for what the daemon knows of a git commit or of a download. */
export function sourceTimeRequest({ identifier, attributes }: SourceOp, title: string): Init<ResolveSourceMetaRequest> {
  const Git = identifier.startsWith("git://") ? { ReturnObject: true } : undefined;
  return { Source: { identifier, attrs: Object.fromEntries(attributes) }, LogName: title, Git };
}

/** When the commit was made, or the file last changed, in seconds since 1970; undefined: the answer does not say. */
export function sourceTimeOf({ Git, HTTP }: ResolveSourceMetaResponse): number | undefined {
  if (Git !== undefined) return committedAt(new TextDecoder().decode(Git.CommitObject));
  return HTTP?.LastModified?.seconds;
}

/** Of git's own text of a commit: lines of what it is, an empty one, and the message. */
function committedAt(commit: string): number | undefined {
  const [head = ""] = commit.split("\n\n", 1);
  const [, seconds] = /^committer .* (-?\d+) [+-]\d+$/m.exec(head) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}
