import { LuakitError } from "../diagnostic/luakit-error.ts";

/** An image name as a registry knows it: `docker.io`, `library/alpine`, `latest`. `tag` is absent only beside a digest. */
export interface ImageReference {
  readonly domain: string;
  readonly path: string;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

const maxPathLength = 255;
/** More than the longest domain, path, tag and digest together. */
const maxLength = 1024;

/** Reads an image name by Docker's rules and completes it: `alpine` is `docker.io/library/alpine:latest`. */
export function parseReference(text: string): ImageReference {
  checkWhole(text);
  const { domain, rest } = splitDomain(text);
  const at = rest.indexOf("@");
  const name = at < 0 ? rest : rest.slice(0, at);
  const colon = name.indexOf(":");
  const path = colon < 0 ? name : name.slice(0, colon);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  checkPath(text, path);
  checkDomain(text, domain);
  if (tag !== undefined) checkTag(text, tag);
  if (digest === undefined) return { domain, path, tag: tag ?? "latest" };
  checkDigest(text, digest);
  return tag === undefined ? { domain, path, digest } : { domain, path, tag, digest };
}

/** The full name: `docker.io/library/alpine:latest`, with `@sha256:…` when there is a digest. */
export function formatReference(reference: ImageReference): string {
  return withSuffix(formatRepository(reference), reference);
}

/** The name as people write it: `alpine:latest`. */
export function formatFamiliarReference(reference: ImageReference): string {
  if (reference.domain !== "docker.io") return formatReference(reference);
  const official = /^library\/([^/]+)$/.exec(reference.path)?.[1];
  // A first part such as `a.b` would be taken for a registry.
  if (/^(?:localhost|[^/]*\.[^/]*)\//.test(reference.path)) return formatReference(reference);
  return withSuffix(official ?? reference.path, reference);
}

/** The name without tag and digest: `docker.io/library/alpine`. */
export function formatRepository(reference: ImageReference): string {
  return `${reference.domain}/${reference.path}`;
}

/** Whether `text` is a complete content digest (sha256, sha384 or sha512). */
export function isDigest(text: string): boolean {
  return /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/.test(text);
}

function withSuffix(name: string, { tag, digest }: ImageReference): string {
  return `${name}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

function splitDomain(text: string): { domain: string; rest: string } {
  const slash = text.indexOf("/");
  const first = text.slice(0, Math.max(slash, 0));
  const isDomain = first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase();
  const hub = !isDomain || first === "docker.io" || first === "index.docker.io";
  const rest = isDomain ? text.slice(slash + 1) : text;
  if (!hub) return { domain: first, rest };
  return { domain: "docker.io", rest: rest.includes("/") ? rest : `library/${rest}` };
}

function checkWhole(text: string): void {
  if (text === "") throw new LuakitError("image.reference", "the image name is empty");
  if (text.length > maxLength) throw invalid(`${text.slice(0, 60)}…`, `it is longer than ${maxLength} characters`);
  const scheme = /^[a-z+.-]+:\/\//.exec(text)?.[0];
  if (scheme !== undefined) throw invalid(text, "it is a URL", `write "${text.slice(scheme.length)}"`);
  if (/\s/.test(text)) throw invalid(text, "it contains white space");
  if (isIdentifier(text)) {
    throw invalid(
      text,
      "a name cannot be 64 hexadecimal digits",
      `to name an image by digest write "NAME@sha256:${text}"`,
    );
  }
}

function checkPath(text: string, path: string): void {
  if (isPath(path)) {
    if (path.length <= maxPathLength) return;
    throw invalid(text, `the repository name is longer than ${maxPathLength} characters`);
  }
  if (path === "" || path === "library/") throw invalid(text, "the repository name is empty");
  const lower = path.toLowerCase();
  if (lower === path || !isPath(lower)) throw invalid(text, "the repository name is malformed");
  const shown = text.replace(path.replace(/^library\//, ""), lower.replace(/^library\//, ""));
  throw invalid(text, "the repository name must be lowercase", `write "${shown}"`);
}

function checkDomain(text: string, domain: string): void {
  const match =
    /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::([0-9]+))?$/.exec(
      domain,
    );
  if (match === null) throw invalid(text, `"${domain}" is not a registry host`);
  if (Number(match[1] ?? 0) > 65535) throw invalid(text, `the port of "${domain}" is out of range`);
}

function checkTag(text: string, tag: string): void {
  if (/^\w[\w.-]{0,127}$/.test(tag)) return;
  if (tag === "") throw invalid(text, "the tag is empty");
  if (/^[a-z0-9]+:[a-f0-9]{32,}$/.test(tag) || isIdentifier(tag)) {
    throw invalid(text, `"${tag}" is not a tag`, "a digest follows an @");
  }
  const why = tag.length > 128 ? "the tag is longer than 128 characters" : `"${tag}" is not a tag`;
  throw invalid(text, why, "a tag has letters, digits, _ . - and starts with a letter, a digit or _");
}

function checkDigest(text: string, digest: string): void {
  if (isDigest(digest)) return;
  const why = digest === "" ? "the digest is empty" : `"${digest}" is not a digest`;
  throw invalid(text, why, "a digest is sha256: and 64 lowercase hexadecimal digits");
}

function invalid(text: string, why: string, hint?: string): LuakitError {
  return new LuakitError("image.reference", `"${text}" is not an image name: ${why}`, { hint });
}

// Patterns stand in functions, because making one takes longer than most of what happens at a start.
function isPath(text: string): boolean {
  return /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/.test(text);
}

function isIdentifier(text: string): boolean {
  return /^[a-f0-9]{64}$/.test(text);
}
