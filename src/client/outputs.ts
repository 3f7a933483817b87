import { realpathSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { annotationAttributesOf } from "./annotation-flag.ts";
import { parseBoolean } from "./attribute-checks.ts";
import type { ExporterType } from "./exporter-attributes.ts";
import type { FlagContext } from "./flag-context.ts";
import { imageNames } from "./image-names.ts";
import { type Output, parseOutput } from "./output.ts";

/** The flags that say together what is exported, as they were given. */
export interface OutputFlags {
  readonly outputs: readonly string[];
  readonly tags: readonly string[];
  readonly push: boolean;
  readonly load: boolean;
  readonly annotations: readonly string[];
  /** `--allow buildx.local.delete`. */
  readonly allowDelete: boolean;
  /** `--iidfile` was given, so there must be an image. */
  readonly imageId: boolean;
  /** The result is an index: several platforms. */
  readonly severalPlatforms: boolean;
  /** SBOM or provenance were asked for. */
  readonly attested: boolean;
}

export interface Outputs {
  readonly outputs: readonly Output[];
  /** `type=cacheonly` was asked for, and nothing else. */
  readonly cacheOnly: boolean;
  readonly warnings: readonly string[];
}

/** Everything that a build exports, in the order of the exporters. Throws "usage" for what cannot be. */
export function parseOutputs(flags: OutputFlags, context: FlagContext): Outputs {
  const parsed = flags.outputs.map((text) => parseOutput(text, context));
  const given = parsed.filter((output) => output !== undefined);
  const cacheOnly = parsed.length > 0 && given.length === 0 && !flags.push && !flags.load;
  const unnamed = withLoad(withPush(given, flags.push), flags.load);
  if (unnamed.length === 0 && !cacheOnly && (flags.tags.length > 0 || flags.imageId)) unnamed.push(plainImage());
  const annotations = annotationAttributesOf(flags.annotations);
  const outputs = unnamed.map((output) => annotate(nameOutput(output, flags.tags), annotations));
  for (const output of outputs) checkPush(output);
  checkPlaces(outputs);
  checkIndexes(outputs, flags);
  if (!flags.allowDelete) checkDeletes(outputs, context);
  if (flags.imageId) checkImageId(outputs);
  return { outputs, cacheOnly, warnings: warningsOf(unnamed, flags) };
}

/** Whether an output is an image: it has names, a config, annotations. */
export function isImage({ type }: { readonly type: ExporterType }): boolean {
  return type === "image" || type === "oci" || type === "docker";
}

function plainImage(attributes: ReadonlyMap<string, string> = new Map()): Output {
  return { type: "image", attributes, destination: { kind: "none" } };
}

/** `--push`: every image output pushes; without one there is one more. */
function withPush(outputs: readonly Output[], push: boolean): Output[] {
  if (!push) return [...outputs];
  const pushing = new Map([["push", "true"]]);
  const pushed = outputs.map((output) => {
    if (output.type !== "image") return output;
    return { ...output, attributes: new Map([["unpack", "false"], ...output.attributes, ...pushing]) };
  });
  if (pushed.some(({ type }) => type === "image")) return pushed;
  return [...pushed, plainImage(new Map([["unpack", "false"], ...pushing]))];
}

function withLoad(outputs: Output[], load: boolean): Output[] {
  if (!load || outputs.some(({ destination }) => destination.kind === "load")) return outputs;
  return [...outputs, { type: "docker", attributes: new Map(), destination: { kind: "load" } }];
}

/** An output's own names go before those of `--tag`. `*` stands for what the build says. */
function nameOutput(output: Output, tags: readonly string[]): Output {
  if (!isImage(output)) return output;
  const own = output.attributes.get("name");
  if (own === "*") return output;
  const byDigest = parseBoolean(output.attributes.get("push-by-digest") ?? "false") === true;
  const names = own === undefined ? imageNames("tag", tags, byDigest) : imageNames("output", own.split(","), byDigest);
  if (names.length === 0) return output;
  return { ...output, attributes: new Map([...output.attributes, ["name", names.join(",")]]) };
}

function annotate(output: Output, annotations: ReadonlyMap<string, string>): Output {
  if (!isImage(output) || annotations.size === 0) return output;
  return { ...output, attributes: new Map([...output.attributes, ...annotations]) };
}

function checkPush({ attributes }: Output): void {
  const pushes = parseBoolean(attributes.get("push") ?? "false") === true;
  if (pushes && !attributes.has("name")) {
    throw new LuakitError("usage", "the image that is to be pushed has no name", {
      hint: "add --tag REGISTRY/NAME:TAG, or name= to the output",
    });
  }
  if (!pushes && parseBoolean(attributes.get("push-by-digest") ?? "false") === true) {
    throw new LuakitError("usage", "--output: push-by-digest=true does not push by itself", { hint: "add push=true" });
  }
}

/** No two outputs share a place: the last one written would win. */
function checkPlaces(outputs: readonly Output[]): void {
  const taken = new Set<string>();
  for (const { destination } of outputs) {
    const place = "path" in destination ? destination.path : destination.kind;
    if (place === "none" || place === "load") continue;
    if (taken.has(place)) {
      const where = place === "stdout" ? "stdout" : `"${place}"`;
      throw new LuakitError("usage", `--output: two outputs go to ${where}`, { hint: "give each a dest= of its own" });
    }
    taken.add(place);
  }
  if (outputs.filter(({ destination }) => destination.kind === "layout").length < 2) return;
  throw new LuakitError("usage", "--output: a daemon writes only one OCI layout (tar=false) in a build", {
    hint: "write the other as an archive, without tar=false",
  });
}

/** A docker archive holds one image: no index of platforms, no attestations. */
function checkIndexes(outputs: readonly Output[], { severalPlatforms, attested }: OutputFlags): void {
  if (!severalPlatforms && !attested) return;
  const what = severalPlatforms ? "several platforms" : "attestations";
  for (const { type, destination } of outputs) {
    if (type !== "docker" || destination.kind === "load") continue;
    throw new LuakitError("usage", `--output: type=docker cannot hold ${what}`, { hint: "write type=oci" });
  }
}

/** Deleting is safe below the working directory only; elsewhere it is asked for by `--allow buildx.local.delete`. */
function checkDeletes(outputs: readonly Output[], { cwd }: FlagContext): void {
  for (const { destination } of outputs) {
    if (destination.kind !== "directory" || destination.mode === "copy") continue;
    const way = relative(realPlace(cwd), realPlace(destination.path));
    if (way !== "" && way !== ".." && !way.startsWith("../")) continue;
    throw new LuakitError(
      "usage",
      `--output: mode=delete would delete files of "${destination.path}", which is not below the working directory`,
      { hint: "if that is meant, add --allow buildx.local.delete" },
    );
  }
}

/** A path without symlinks, as far as it exists. */
function realPlace(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPlace(parent), basename(path));
  }
}

function checkImageId(outputs: readonly Output[]): void {
  if (outputs.some(isImage)) return;
  throw new LuakitError("usage", "--iidfile needs an image, and no output is one", {
    hint: "add --output type=image,name=NAME, or one of type=oci or type=docker",
  });
}

/** `outputs` before `--tag` names them. */
function warningsOf(outputs: readonly Output[], { tags, annotations }: OutputFlags): string[] {
  const images = outputs.filter(isImage);
  if (images.length > 0 && tags.length > 0 && images.every(({ attributes }) => attributes.has("name"))) {
    return ["--tag has no effect: the outputs have names of their own"];
  }
  if (outputs.length === 0 || images.length > 0) return [];
  const unused = [...(tags.length > 0 ? ["--tag"] : []), ...(annotations.length > 0 ? ["--annotation"] : [])];
  return unused.map((flag) => `${flag} has no effect: no output is an image`);
}
