import type { Target } from "../api/evaluation.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ImageConfig } from "../image/config.ts";
import type { ExportOptions } from "../image/export-config.ts";
import type { Definition } from "../llb/definition.ts";
import { isDigest } from "../llb/digest.ts";
import { imageEnv } from "../llb/environment.ts";
import { callersOf, positionOf } from "../llb/location.ts";
import { type MarshalOptions, marshal, needsDaemon } from "../llb/marshal.ts";
import { type Platform, validatePlatform } from "../oci/platform.ts";
import { type BaseImages, runtimeConfigOf } from "./base-images.ts";

/** What the whole of a build has in common. */
export interface BuildSettings extends Pick<MarshalOptions, "noCache" | "resolveMode" | "localUniqueId" | "steps"> {
  /** Give every image its digest, and not only those of which the script wants it. */
  readonly pinImages?: boolean | undefined;
  /** Give those their digest of which the daemon that builds has told it: see BaseImage. */
  readonly settlesImages?: boolean | undefined;
  /** Options that other frontends get too, unless the script gives them their own. */
  readonly frontendOptions?: Readonly<Record<string, string>> | undefined;
  /** Asked for when a Dockerfile is built, whose frontend finds what the client put in the place of images. */
  readonly namedContexts?: (() => Promise<NamedContexts>) | undefined;
}

/** The named contexts of a client, as it gives them to a frontend. */
export interface NamedContexts {
  readonly options: Readonly<Record<string, string>>;
  /** Definitions of what `input:NAME` in the options names. */
  readonly inputs: Readonly<Record<string, Uint8Array>>;
}

/** The Definition of a target. `images` are those of `baseImagesOf` its state and of its frontends, or none. */
export function defineBuild(
  target: Target,
  platform: Platform,
  images: BaseImages,
  options: Pick<MarshalOptions, "graphOf" | "sketch"> & BuildSettings = {},
): Definition {
  return marshal(target.state, {
    ...options,
    startClock: target.startClock,
    platform: target.platform ?? platform,
    configOf: (image) => {
      const resolved = images.get(image);
      return resolved === undefined ? undefined : runtimeConfigOf(resolved.config);
    },
    digestOf: (image, isAsked) => {
      const { digest, isSettled = false } = images.get(image) ?? {};
      if (digest === undefined || !isDigest(digest)) return undefined;
      const { pinImages = false, settlesImages = false } = options;
      return isAsked || pinImages || (settlesImages && isSettled) ? digest : undefined;
    },
  });
}

/** The config of the image that a target gives; `epoch` is its time, in seconds since 1970. */
export async function imageConfigOf(
  target: Target,
  platform: Platform,
  images: BaseImages,
  epoch?: number,
): Promise<ImageConfig> {
  const { inheritConfig, toEntries } = await import("../image/export-config.ts");
  const { base } = target.state;
  const baseConfig = base === undefined ? undefined : images.get(base)?.config;
  if (base?.op.type === "frontend" && baseConfig === undefined) throw needsDaemon(base.op);
  const { os, architecture, variant } = validatePlatform(target.platform ?? target.state.platform ?? platform);
  try {
    const config = inheritConfig(
      baseConfig,
      target.config.settings === true
        ? withSettings(target, baseConfig, toEntries(target.config.env ?? []))
        : target.config,
      variant === undefined ? { os, architecture } : { os, architecture, variant },
    );
    if (epoch === undefined) return config;
    const { configAtEpoch } = await import("./epoch-config.ts");
    return configAtEpoch(config, epoch, target.state, images);
  } catch (error) {
    throw error instanceof LuakitError ? atTarget(error, target) : error;
  }
}

/** What only the base image shows to be wrong is still said of the script's line. */
function atTarget(error: LuakitError, { location }: Target): LuakitError {
  return location === undefined ? error : error.at(positionOf(location), callersOf(location));
}

/** What the State says to its steps, as options of the image; options of the script go before it. */
function withSettings({ state, config }: Target, base: ImageConfig | undefined, env: readonly string[]): ExportOptions {
  return {
    ...config,
    env: [...imageEnv(base?.config.Env ?? [], state.env), ...env],
    workdir: config.workdir ?? state.dir,
    user: config.user ?? state.user,
    shell: config.shell ?? state.shell,
  };
}
