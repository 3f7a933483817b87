import { formatFamiliarReference, formatReference, parseReference } from "../../image/reference.ts";
import type { SourceOp } from "../../llb/source.ts";
import { imageReference } from "../../llb/source-image.ts";
import type { LintContext } from "../context.ts";
import { type ApiCall, optionsOf, textOf } from "../record-calls.ts";
import type { Problem, Rule } from "../rule.ts";

/** The reference that a call names, unless the client put something else in its place. */
function referenceOf(call: ApiCall) {
  const text = call.name === "bk.image" ? textOf(call, 0) : undefined;
  const op = call.state?.output?.vertex.op;
  if (text === undefined || op?.type !== "source") return undefined;
  const reference = parseReference(text);
  return imageReference(op) === formatReference(reference) ? { text, reference } : undefined;
}

function isPinned(call: ApiCall): boolean {
  const { checksum, resolve_digest } = optionsOf(call);
  return checksum !== undefined || resolve_digest === true;
}

export const unpinnedImage: Rule = {
  id: "unpinned-image",
  severity: "warning",
  summary: "an image without a version, or with the tag latest, is another one tomorrow",
  *check({ ownCalls }) {
    for (const call of ownCalls) {
      const found = referenceOf(call);
      if (found === undefined || found.reference.tag !== "latest" || isPinned(call)) continue;
      if (found.reference.digest !== undefined) continue;
      const { text, reference } = found;
      const bare = formatFamiliarReference({ ...reference, tag: undefined });
      const said = text.endsWith(":latest") ? "is whatever is the newest" : "has no tag";
      yield { message: `the image "${text}" ${said}`, hint: `name a version: "${bare}:VERSION"`, at: call.location };
    }
  },
};

export const unpinnedDigest: Rule = {
  id: "unpinned-digest",
  severity: "info",
  summary: "an image without a digest can change under its tag",
  isOptional: true,
  *check({ ownCalls }) {
    for (const call of ownCalls) {
      const found = referenceOf(call);
      if (found === undefined || found.reference.digest !== undefined || isPinned(call)) continue;
      const hint = "add its digest (@sha256:…), or the option resolve_digest = true";
      yield { message: `the image "${found.text}" has no digest`, hint, at: call.location };
    }
  },
};

function sourceOf({ state }: ApiCall): SourceOp | undefined {
  const op = state?.output?.vertex.op;
  return op?.type === "source" ? op : undefined;
}

export const unpinnedGit: Rule = {
  id: "unpinned-git",
  severity: "warning",
  summary: "a repository without a branch, tag or commit is whatever its default branch has",
  *check({ ownCalls }) {
    for (const call of ownCalls) {
      const op = call.name === "bk.git" ? sourceOf(call) : undefined;
      if (op === undefined || /#[^:]/.test(op.identifier)) continue;
      if (op.attributes.some(([key]) => key === "git.checksum")) continue;
      const hint = 'name a tag or commit: ref = "v1.2.3", or a commit with checksum';
      yield { message: `the repository "${textOf(call, 0)}" has no ref`, hint, at: call.location };
    }
  },
};

function* downloads({ ownCalls }: LintContext): Iterable<{ readonly call: ApiCall; readonly url: string }> {
  for (const call of ownCalls) {
    const url = call.name === "bk.http" || call.name === "bk.https" ? textOf(call, 0) : undefined;
    if (url !== undefined && optionsOf(call).checksum === undefined) yield { call, url };
  }
}

export const unverifiedDownload: Rule = {
  id: "unverified-download",
  severity: "info",
  summary: "a download without a checksum is whatever the server sends",
  *check(context): Iterable<Problem> {
    for (const { call, url } of downloads(context)) {
      if (isPlain(url)) continue;
      const hint = 'add checksum = "sha256:…": the daemon then refuses anything else';
      yield { message: `"${url}" has no checksum`, hint, at: call.location };
    }
  },
};

/** Downloads over plain http that nothing verifies. */
export function* plainDownloads(context: LintContext): Iterable<Problem> {
  for (const { call, url } of downloads(context)) {
    if (!isPlain(url)) continue;
    const hint = "use https, or add a checksum";
    yield { message: `"${url}" comes unencrypted and unverified`, hint, at: call.location };
  }
}

function isPlain(url: string): boolean {
  return /^http:\/\/(?!localhost\b|127\.|\[::1\])/i.test(url);
}
