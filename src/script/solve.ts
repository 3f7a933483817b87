import type { Target } from "../api/evaluation.ts";
import { withoutFlags } from "../client/annotation-flag.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { GatewayResult, Reference } from "../gateway/result.ts";
import type { CacheOptionsEntry } from "../gen/gateway.ts";
import type { Policy } from "../gen/policy.ts";
import { annotationAttributes } from "../image/annotation.ts";
import { formatConfig } from "../image/config.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import { checkSize } from "../llb/message-limit.ts";
import type { ResolveMode } from "../llb/source-image.ts";
import type { StepDefaults } from "../llb/step-defaults.ts";
import { formatPlatform, type Platform, validatePlatform } from "../oci/platform.ts";
import { baseImagesOf, resolveBaseImages } from "./base-images.ts";
import { daemonResolver } from "./daemon-images.ts";
import { type BuildSettings, defineBuild, imageConfigOf } from "./define-build.ts";
import { foreseeLocals } from "./foresee-locals.ts";
import { type SolvedFrontends, solveFrontends } from "./frontends.ts";
import type { ImagePins } from "./image-pins.ts";
import { checkCaps } from "./required-caps.ts";
import { checkEntitlements } from "./required-entitlements.ts";
import type { VertexPlaces } from "./vertex-places.ts";

/** A target that was evaluated for a platform. */
export interface SolveTarget {
  readonly target: Target;
  readonly platform: Platform;
}

export interface SolveOptions {
  /** Make an index even of one result. Several results are always one. */
  readonly index: boolean;
  /** Ignore the daemon's cache. */
  readonly noCache: boolean;
  /** Annotations that the exporters get, and that go before those of the script. */
  readonly annotations?: ReadonlyMap<string, string> | undefined;
  /** What the user grants to steps (`--allow`); undefined: only the daemon knows. */
  readonly entitlements: readonly string[] | undefined;
  /** Ask for the configs of base images. */
  readonly resolve: boolean;
  /** How images are resolved of which the script says nothing. */
  readonly resolveMode: ResolveMode;
  /** What steps get that do not say it themselves. */
  readonly steps?: StepDefaults | undefined;
  /** Options that other frontends get too, unless the script gives them their own. */
  readonly frontendOptions?: Readonly<Record<string, string>> | undefined;
  /** What Dockerfiles that the script builds find beside what it says. */
  readonly namedContexts?: BuildSettings["namedContexts"];
  /** Caches for what is built; default: those of the gateway. */
  readonly caches?: readonly CacheOptionsEntry[] | undefined;
  /** What the client says of sources, beside what the daemon's own settings do. */
  readonly sourcePolicy?: Policy | undefined;
  /** Seconds since 1970: what exporters take as the time of everything. */
  readonly epoch?: number | undefined;
  /** Makes all daemons of a build mean the same by the names of images. */
  readonly pins?: ImagePins | undefined;
  /** Gets what is solved, to know where its vertices were made. */
  readonly places?: VertexPlaces | undefined;
  /** Labels that the images get beside those of the script. */
  readonly labels: ReadonlyMap<string, string>;
}

/** One platform's part of a result. */
interface Solved {
  readonly platform: Platform;
  readonly reference: Reference;
  readonly metadata: Readonly<Record<string, Uint8Array>>;
}

/** Builds targets, one per platform, through a daemon: base images, Definitions, references and image configs. */
export async function solveTargets(
  gateway: Gateway,
  targets: readonly SolveTarget[],
  options: SolveOptions,
): Promise<GatewayResult> {
  // Each target needs the answer, and it comes while base images are asked for.
  gateway.ping().catch(() => undefined);
  const solved = await Promise.all(targets.map((each) => solveTarget(gateway, each, options)));
  checkPlatforms(targets, solved);
  const [only] = solved;
  const platforms = encode({
    Platforms: solved.map(({ platform }) => ({ ID: formatPlatform(platform), Platform: describe(platform) })),
  });
  if (solved.length === 1 && only !== undefined && !options.index) {
    return {
      reference: only.reference,
      references: new Map(),
      metadata: { ...only.metadata, "refs.platforms": platforms },
    };
  }
  const metadata = solved.flatMap((part) =>
    Object.entries(part.metadata).map(([key, value]) => [keyIn(part.platform, key), value] as const),
  );
  return {
    reference: undefined,
    references: new Map(solved.map(({ platform, reference }) => [formatPlatform(platform), reference])),
    metadata: { ...Object.fromEntries(metadata), "refs.platforms": platforms },
  };
}

/** Images are told apart by their platform: what is the same twice would be lost without a word. */
function checkPlatforms(targets: readonly SolveTarget[], solved: readonly Solved[]): void {
  const names = solved.map(({ platform }) => formatPlatform(platform));
  const second = names.findIndex((name, index) => names.indexOf(name) < index);
  const twice = targets[second];
  if (twice === undefined) return;
  const asked = [targets[names.indexOf(names[second] ?? "")] ?? twice, twice];
  const [one, other] = asked.map(({ target, platform }) => formatPlatform(target.platform ?? platform));
  throw new LuakitError("script.export", `the results for ${one} and ${other} are both images for ${names[second]}`, {
    hint: "the base image has no other platform: choose one that has, or say which with os, arch and variant in bk.export",
  });
}

/** The key of what one platform of several says. An index has no platform, and annotations name theirs otherwise. */
function keyIn(platform: Platform, key: string): string {
  const name = formatPlatform(platform);
  const [, level, rest = ""] = /^(annotation(?:-[a-z-]+)?)(.*)$/s.exec(key) ?? [];
  if (level === undefined) return `${key}/${name}`;
  return level.startsWith("annotation-index") || rest.startsWith("[") ? key : `${level}[${name}]${rest}`;
}

async function solveTarget(
  gateway: Gateway,
  { target, platform }: SolveTarget,
  options: SolveOptions,
): Promise<Solved> {
  const { labels, annotations, noCache, entitlements, resolveMode, steps, epoch } = options;
  const { frontendOptions, namedContexts } = options;
  const own = target.platform ?? platform;
  // Two clients that build at the same time must not get each other's files.
  const settings = { noCache, resolveMode, steps, frontendOptions, namedContexts, localUniqueId: gateway.sessionId };
  const pinImages = options.pins !== undefined;
  const bases = options.resolve ? baseImagesOf(target.state, pinImages) : [];
  const daemon = daemonResolver(gateway, resolveMode);
  const resolving = resolveBaseImages(bases, own, options.pins?.pin(daemon, resolveMode) ?? daemon);
  if (bases.length > 0 && !noCache) foreseeLocals(gateway, target.state, own);
  const resolved = await resolving;
  const frontends = await solveFrontends(gateway, target.state, { platform: own, images: resolved, settings });
  const { images, graphOf } = frontends;
  // A policy may say something of names; and a frontend's graph may have an image that is to be built without the cache.
  const settlesImages = options.sourcePolicy === undefined && !frontends.isUsed;
  const definition = defineBuild(target, own, images, { ...settings, pinImages, settlesImages, graphOf });
  if (entitlements !== undefined) checkEntitlements(definition, entitlements);
  options.places?.add(definition, { target: target.name, platform: own });
  checkCaps(definition, (await gateway.ping()).llbCaps);
  const bytes = encodeDefinition(definition);
  checkSize(bytes.length, definition);
  const [{ reference }, config] = await Promise.all([
    gateway.solve(bytes, options.caches),
    imageConfigOf(withLabels(target, labels), own, images, epoch),
  ]);
  const { os, architecture, variant } = config;
  return {
    platform: validatePlatform(variant === undefined ? { os, architecture } : { os, architecture, variant }),
    reference: reference ?? { id: undefined, definition: undefined },
    metadata: {
      "containerimage.config": encode(formatConfig(config)),
      ...annotationsOf(target, annotations),
      ...baseOf(target, frontends),
      ...(epoch === undefined ? {} : { "source.date.epoch": encode(String(epoch)) }),
    },
  };
}

/** Asks for the images of targets that will most likely be solved, while there is something else to wait for. */
export function foreseeImages(
  gateway: Gateway,
  targets: readonly Target[],
  platform: Platform,
  resolveMode: ResolveMode,
): void {
  for (const { state, platform: own = platform } of targets) {
    // What goes wrong is told to who needs it.
    resolveBaseImages(baseImagesOf(state), own, daemonResolver(gateway, resolveMode)).catch(() => undefined);
  }
}

function withLabels(target: Target, labels: ReadonlyMap<string, string>): Target {
  if (labels.size === 0) return target;
  return { ...target, config: { ...target.config, labels: new Map([...(target.config.labels ?? []), ...labels]) } };
}

function annotationsOf({ config }: Target, flags: SolveOptions["annotations"] = new Map()): Record<string, Uint8Array> {
  const attributes = [...withoutFlags(annotationAttributes(config.annotations ?? new Map()), flags)];
  return Object.fromEntries(attributes.map(([key, value]) => [key, encode(value)]));
}

/** An exporter that rewrites times leaves the layers of this image as they are. */
function baseOf({ state: { base } }: Target, { images, baseConfigOf }: SolvedFrontends): Record<string, Uint8Array> {
  if (base === undefined) return {};
  const image = base.op.type === "frontend" ? undefined : images.get(base);
  const config = image === undefined ? baseConfigOf(base) : encode(formatConfig(image.config));
  return config === undefined ? {} : { "containerimage.base.config": config };
}

function describe({ os, architecture, variant }: Platform) {
  return variant === undefined ? { architecture, os } : { architecture, os, variant };
}

function encode(value: string | object): Uint8Array {
  return new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
}
