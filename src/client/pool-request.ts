import { LuakitError } from "../diagnostic/luakit-error.ts";
import { formatRepository, parseReference } from "../image/reference.ts";
import type { Platform } from "../oci/platform.ts";
import { parseBoolean } from "./attribute-checks.ts";
import type { BuildRequest } from "./build-request.ts";
import type { CacheEntry } from "./cache.ts";
import { pushes } from "./export-plan.ts";
import type { Output } from "./output.ts";

/** An index that is pushed when each node has pushed its part of it. */
export interface IndexPush {
  /** Full names; without tags when it is pushed by digest. */
  readonly names: readonly string[];
  readonly byDigest: boolean;
  /** `registry.insecure`. */
  readonly insecure: boolean;
}

export interface PoolRequest {
  /** What each node is asked, in the order of the shares. */
  readonly requests: readonly BuildRequest[];
  readonly push: IndexPush | undefined;
}

/**
 * What each of several nodes is asked when they build together: an image is pushed by its digest, and files go into the
 * directories of their platforms. Throws "usage" for outputs that one daemon alone can write.
 */
export function splitRequest(request: BuildRequest, shares: readonly (readonly Platform[])[]): PoolRequest {
  for (const output of request.outputs) checkOutput(output);
  const pushed = request.outputs.filter((output) => output.type === "image" && pushes(output));
  const [first] = pushed;
  if (pushed.length > 1) {
    throw refuse("two images cannot be pushed", "push one image with several --tag");
  }
  if (request.files.imageId !== undefined && first === undefined) {
    throw refuse("--iidfile needs an image that is pushed", "add --push");
  }
  const outputs = request.outputs.map((output) => (output === first ? byDigest(output) : output));
  const warnings = [...request.warnings, ...request.cacheExports.flatMap(cacheWarning)];
  return {
    requests: shares.map((platforms) => ({ ...request, platforms, outputs, warnings })),
    push: first === undefined ? undefined : indexPush(first),
  };
}

function checkOutput(output: Output): void {
  const { type, attributes, destination } = output;
  if (destination.kind === "load") {
    throw refuse("an image cannot be loaded into a Docker Engine", "push it with --push, or choose one --platform");
  }
  if (type === "oci" || type === "docker" || type === "tar") {
    const instead = type === "tar" ? "write type=local" : "push the image with --push";
    throw refuse(`type=${type} cannot be written`, `${instead}, or choose one --platform`);
  }
  if (destination.kind === "directory" && destination.mode === "delete") {
    throw refuse("mode=delete would remove the files of the other nodes", "leave it out");
  }
  if (type === "local" && parseBoolean(attributes.get("platform-split") ?? "true") === false) {
    throw refuse("platform-split=false would mix the files of the nodes", "leave it out");
  }
}

function refuse(what: string, hint: string): LuakitError {
  return new LuakitError("usage", `several nodes of the builder build this, and then ${what}`, { hint });
}

function namesOf({ attributes }: Output): readonly string[] {
  const names = attributes.get("name") ?? "";
  if (names === "*") throw refuse("the build cannot name the image", "name it with --tag");
  return names.split(",");
}

function isByDigest({ attributes }: Output): boolean {
  return parseBoolean(attributes.get("push-by-digest") ?? "false") === true;
}

function byDigest(output: Output): Output {
  const repositories = new Set(namesOf(output).map((name) => formatRepository(parseReference(name))));
  const changed = [
    ["name", [...repositories].join(",")],
    ["push-by-digest", "true"],
  ] as const;
  return { ...output, attributes: new Map([...output.attributes, ...changed]) };
}

function indexPush(output: Output): IndexPush {
  const insecure = parseBoolean(output.attributes.get("registry.insecure") ?? "false") === true;
  return { names: namesOf(output), byDigest: isByDigest(output), insecure };
}

/** Every node writes its own cache to the same place. */
function cacheWarning({ type, attributes }: CacheEntry): string[] {
  if (type === "inline") return [];
  const place = attributes.get("ref") ?? attributes.get("dest") ?? attributes.get("scope") ?? attributes.get("name");
  const what = `type=${type}${place === undefined ? "" : ` (${place})`}`;
  return [`--cache-to: each node writes the cache ${what}, and that of the last one stays; type=inline keeps all`];
}
