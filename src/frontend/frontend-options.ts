import { parseEpoch } from "../client/epoch.ts";
import type { CacheOptionsEntry } from "../gen/gateway.ts";
import type { ResolveMode } from "../llb/source-image.ts";
import type { StepDefaults } from "../llb/step-defaults.ts";
import { formatPlatform, type Platform, parsePlatform } from "../oci/platform.ts";
import { readCacheImports } from "./cache-options.ts";
import { nestedOptions } from "./nesting.ts";
import {
  booleanOption,
  checkedOption,
  chooseOptions,
  type RawOptions,
  refuseOption,
  withPrefix,
  wordOption,
} from "./option-value.ts";
import { contextOptions } from "./passed-contexts.ts";
import { readScriptArguments } from "./script-arguments.ts";
import { scriptNameOf } from "./script-name.ts";
import { chooseStepOptions, readStepOptions } from "./step-options.ts";

export const epochOption = "build-arg:SOURCE_DATE_EPOCH";
export const epochHint = 'SOURCE_DATE_EPOCH="$(git log -1 --pretty=%ct)"';

/** What a client asks of the frontend: gateway.md §6. What is not known is left alone, as the Dockerfile frontend does. */
export interface FrontendOptions {
  /** Path of the script among the build files. */
  readonly filename: string;
  readonly target: string | undefined;
  /** Each once; none means the daemon's own. */
  readonly platforms: readonly Platform[];
  /** Whether the result is an index; undefined: only if it has several platforms. */
  readonly index: boolean | undefined;
  readonly buildArguments: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  /** Run every step anew. */
  readonly noCache: boolean;
  /** Run the steps of these targets anew; in any case. */
  readonly noCacheTargets: readonly string[];
  readonly cacheImports: readonly CacheOptionsEntry[];
  /** How images are resolved of which the script says nothing. */
  readonly resolveMode: ResolveMode;
  /** What steps get that do not say it themselves. */
  readonly steps: StepDefaults;
  /** Seconds since 1970, which exporters take as the time of everything. */
  readonly epoch: number | undefined;
  /** The epoch is the time of the context: see context-epoch.ts. */
  readonly epochOfContext: boolean;
  /** What other frontends get that the script asks. */
  readonly passedOn: Readonly<Record<string, string>>;
  /** What a Dockerfile gets that the script builds: the options about named contexts. */
  readonly contexts: RawOptions;
}

/** Reads `BUILDKIT_FRONTEND_OPT_*`. Throws for what is known and wrong. */
export function readFrontendOptions(options: RawOptions): FrontendOptions {
  refuseRemoved(options);
  const platforms = readPlatforms(options);
  const noCache = options.get("no-cache");
  return {
    filename: scriptNameOf(options),
    target: options.get("target") || undefined,
    platforms,
    index: readIndex(options, platforms.length),
    buildArguments: readScriptArguments(options),
    labels: withPrefix(options, "label:"),
    noCache: noCache === "",
    noCacheTargets: noCache ? noCache.split(",") : [],
    cacheImports: readCacheImports(options),
    resolveMode: wordOption(options, "image-resolve-mode", ["default", "pull", "local"]) ?? "default",
    steps: readStepOptions(options),
    epoch: readEpoch(options),
    epochOfContext: options.get(epochOption) === "context",
    passedOn: {
      ...chooseStepOptions(options),
      ...chooseOptions(options, ["cache-imports", "cache-from"]),
      ...nestedOptions(options),
    },
    contexts: contextOptions(options),
  };
}

function readPlatforms(options: RawOptions): readonly Platform[] {
  const text = options.get("platform") ?? "";
  if (text === "") return [];
  const platforms = text.split(",").map((each) => checkedOption("platform", () => readPlatform(each.trim())));
  return [...new Map(platforms.map((platform) => [formatPlatform(platform), platform])).values()];
}

/** An architecture alone is one of Linux, as it is to the Dockerfile frontend. */
function readPlatform(text: string): Platform {
  const alone = /^(amd64|x86[_-]64|i?386|arm64|aarch64|arm(hf|el)?|riscv64|s390x|ppc64le|loong64|mips64(le)?)$/i;
  return parsePlatform(alone.test(text) ? `linux/${text}` : text);
}

function readIndex(options: RawOptions, platforms: number): boolean | undefined {
  const argument = "build-arg:BUILDKIT_MULTI_PLATFORM";
  const name = options.get(argument) ? argument : "multi-platform";
  const index = booleanOption(options, name);
  if (index === false && platforms > 1) throw refuseOption(name, `it is false, and platform names ${platforms}`);
  return index;
}

/** A daemon takes no notice of one that is none, and the build then has the time of day in it. */
function readEpoch(options: RawOptions): number | undefined {
  const text = options.get(epochOption) ?? "";
  if (text === "" || text === "context") return undefined;
  const seconds = parseEpoch(text);
  if (seconds !== undefined) return seconds;
  throw refuseOption(
    epochOption,
    `expected seconds since 1970-01-01, up to the year 9999, or context, got "${text}"`,
    epochHint,
  );
}

/** As the Dockerfile frontend: who asks for these expects what no frontend does any more. */
function refuseRemoved(options: RawOptions): void {
  const disabled = "build-arg:BUILDKIT_DISABLE_FILEOP";
  const removed = ["override-copy-image", "gateway-devel"].find((name) => options.get(name));
  if (removed !== undefined) throw refuseOption(removed, "BuildKit has it no more");
  if (/^(1|t|true)$/i.test(options.get(disabled) ?? "")) throw refuseOption(disabled, "BuildKit has it no more");
}
