import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ImageConfig } from "../image/config.ts";
import { parseImageConfig } from "../image/parse-config.ts";
import { callersOf, positionOf } from "../llb/location.ts";
import type { RuntimeConfig } from "../llb/runtime.ts";
import { imageReference, type ResolveMode } from "../llb/source-image.ts";
import { layoutReference } from "../llb/source-oci-layout.ts";
import type { State } from "../llb/state.ts";
import type { Vertex } from "../llb/vertex.ts";
import { type Platform, validatePlatform } from "../oci/platform.ts";

/** What is known of an image that a graph starts from. */
export interface BaseImage {
  /** Absent for what a frontend makes, and for what a client says it is. */
  readonly digest: string | undefined;
  readonly config: ImageConfig;
  /** The daemon that builds says so: with the digest in the graph it need not ask again, and layers fit the config. */
  readonly isSettled?: boolean | undefined;
}

/** Tells what a reference stands for: a registry client, or the daemon. */
export interface ImageResolver {
  resolve(reference: string, platform: Platform, mode: ResolveMode): Promise<BaseImage>;
  /** An image in an OCI layout of the client. Absent where only a daemon can read those. */
  resolveLayout?(reference: string, store: string, platform: Platform): Promise<BaseImage>;
}

export type BaseImages = ReadonlyMap<Vertex, BaseImage>;

/** No image was asked for. */
export const noBaseImages: BaseImages = new Map();

/**
 * The images of a graph whose config or digest matters: those that steps, file operations or the result itself stand
 * on, those that a frontend gets, and those that are to be pinned, which `pinAll` makes all. An image that files are only
 * copied from needs none.
 */
export function baseImagesOf(result: State, pinAll = false): readonly Vertex[] {
  const images = new Set<Vertex>();
  const seen = new Set<Vertex>();
  const open: Vertex[] = [];
  const addBase = ({ base }: State) => {
    if (base !== undefined && hasConfig(base)) images.add(base);
  };
  addBase(result);
  if (result.output !== undefined) open.push(result.output.vertex);
  for (let vertex = open.pop(); vertex !== undefined; vertex = open.pop()) {
    if (seen.has(vertex)) continue;
    seen.add(vertex);
    const { op } = vertex;
    if (op.type === "exec" || op.type === "file") addBase(op.state);
    if (op.type === "frontend" && op.source !== undefined) for (const input of op.inputs.values()) addBase(input);
    // A relative source is below the working directory of the state that it is copied from.
    if (op.type === "file")
      for (const action of op.actions)
        if (action.type === "copy" && !action.source.startsWith("/")) addBase(action.from);
    if (op.type === "source" && (op.pinned || pinAll) && isImage(vertex)) images.add(vertex);
    for (const input of vertex.inputs) open.push(input.vertex);
  }
  return [...images];
}

/** Asks for all images at once. Fails with the error of the first one that failed, at the line that named the image. */
export async function resolveBaseImages(
  images: readonly Vertex[],
  platform: Platform,
  resolver: ImageResolver,
): Promise<BaseImages> {
  const entries = images.map(async (image) => [image, await resolveImage(image, platform, resolver)] as const);
  return new Map(await Promise.all(entries));
}

async function resolveImage(image: Vertex, platform: Platform, resolver: ImageResolver): Promise<BaseImage> {
  const { location } = image;
  try {
    return await askResolver(image, image.platform ?? validatePlatform(platform), resolver);
  } catch (error) {
    if (!(error instanceof LuakitError) || location === undefined) throw error;
    throw error.at(positionOf(location), callersOf(location));
  }
}

async function askResolver({ op }: Vertex, platform: Platform, resolver: ImageResolver): Promise<BaseImage> {
  if (op.type === "input") {
    return { digest: undefined, config: parseImageConfig(op.config ?? new Uint8Array(), "the image of an input") };
  }
  const source = op.type === "source" ? op : undefined;
  const attribute = (name: string) => source?.attributes.find(([key]) => key === name)?.[1];
  const layout = source === undefined ? undefined : layoutReference(source);
  if (layout !== undefined && resolver.resolveLayout !== undefined) {
    return resolver.resolveLayout(layout, attribute("oci.store") ?? "", platform);
  }
  const reference = source === undefined ? undefined : imageReference(source);
  const mode = attribute("image.resolvemode");
  return resolver.resolve(reference ?? "", platform, mode === "pull" || mode === "local" ? mode : "default");
}

function hasConfig(vertex: Vertex): boolean {
  const { op } = vertex;
  if (op.type === "input") return op.config !== undefined;
  return isImage(vertex) || (op.type === "source" && layoutReference(op) !== undefined);
}

function isImage({ op }: Vertex): boolean {
  return op.type === "source" && imageReference(op) !== undefined;
}

/** The part of an image's config that its steps start with. */
export function runtimeConfigOf(config: ImageConfig): RuntimeConfig {
  const { Env = [], WorkingDir = "", User = "" } = config.config;
  return { env: Env, workingDir: WorkingDir, user: User };
}
