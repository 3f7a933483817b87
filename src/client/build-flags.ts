import type { Platform } from "../oci/platform.ts";
import { annotationAttributesOf } from "./annotation-flag.ts";
import type { AttestationType } from "./attest.ts";
import { type BuildRequest, progressModes } from "./build-request.ts";
import { type DaemonFlags, parseDaemonFlags } from "./daemon-flags.ts";
import { parseAllowed } from "./entitlement.ts";
import { expectApart } from "./expect-apart.ts";
import type { FlagContext } from "./flag-context.ts";
import { checkChoice, parseFrontendOptions, parseLabels } from "./key-values.ts";
import { parseLocals, parseOciLayouts } from "./local-flags.ts";
import { parseOutputs } from "./outputs.ts";
import { parseResultFiles, type ResultFiles } from "./result-files.ts";

/** The values of the flags of a build as they were typed; of those with several names, all in one list. */
export interface BuildFlags extends DaemonFlags {
  readonly context: string | undefined;
  readonly local: readonly string[];
  readonly ociLayout: readonly string[];
  readonly opt: readonly string[];
  readonly buildArg: readonly string[];
  readonly label: readonly string[];
  readonly target: string | undefined;
  /** Each once. */
  readonly platforms: readonly Platform[];
  readonly secret: readonly string[];
  readonly ssh: readonly string[];
  readonly registryTls: readonly string[];
  readonly output: readonly string[];
  readonly tag: readonly string[];
  readonly push: boolean;
  readonly load: boolean;
  readonly annotation: readonly string[];
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  readonly noCache: boolean;
  readonly allow: readonly string[];
  readonly attest: readonly string[];
  readonly sbom: string | undefined;
  readonly provenance: string | undefined;
  readonly sourcePolicyFile: string | undefined;
  readonly offline: boolean;
  readonly progress: string | undefined;
  readonly files: ResultFiles;
}

/**
 * Reads every flag of a build; what only some builds have is loaded for those. Looks at files and variables, not at the
 * daemon. Rejects with "usage".
 */
export async function parseBuildFlags(flags: BuildFlags, context: FlagContext): Promise<BuildRequest> {
  const options = parseFrontendOptions({ options: flags.opt, buildArgs: flags.buildArg }, context.variables);
  const { platforms } = flags;
  const allowed = parseAllowed(flags.allow);
  const { imports: cacheImports, exports: cacheExports } = await readCaches(flags, context);
  const attestations = new Map([...attestationsOf(options), ...(await readAttestations(flags))]);
  const exports = parseOutputs(
    {
      outputs: flags.output,
      tags: flags.tag,
      push: flags.push,
      load: flags.load,
      annotations: flags.annotation,
      allowDelete: allowed.localDelete,
      imageId: flags.files.imageId !== undefined,
      severalPlatforms: platforms.length > 1,
      attested: attestations.size > 0,
    },
    context,
  );
  const files = parseResultFiles(flags.files, context);
  expectApart(exports.outputs, cacheExports.entries, files);
  return {
    daemon: { ...parseDaemonFlags(flags, context), platform: platforms[0] },
    locals: parseLocals({ context: flags.context, locals: flags.local }, context),
    ociLayouts: parseOciLayouts(flags.ociLayout, context),
    ...(await readSessionFlags(flags, context)),
    options,
    labels: new Map([...labelsOf(options), ...parseLabels(flags.label)]),
    annotations: annotationAttributesOf(flags.annotation),
    target: flags.target,
    platforms,
    outputs: exports.outputs,
    cacheOnly: exports.cacheOnly,
    cacheImports: cacheImports.entries,
    cacheExports: cacheExports.entries,
    attestations,
    noCache: flags.noCache || options.get("no-cache") === "",
    entitlements: allowed.entitlements,
    sourcePolicy: await readPolicy(flags, context),
    offline: flags.offline,
    progress: parseProgress(flags.progress, context),
    files,
    warnings: [...exports.warnings, ...cacheImports.warnings, ...cacheExports.warnings],
  };
}

async function readCaches({ cacheFrom, cacheTo }: BuildFlags, context: FlagContext) {
  const none = { entries: [], warnings: [] };
  if (cacheFrom.length === 0 && cacheTo.length === 0) return { imports: none, exports: none };
  const { parseCacheExports, parseCacheImports } = await import("./cache.ts");
  return { imports: parseCacheImports(cacheFrom, context), exports: parseCacheExports(cacheTo, context) };
}

async function readAttestations(flags: BuildFlags): Promise<BuildRequest["attestations"]> {
  const { attest, sbom, provenance } = flags;
  if (attest.length === 0 && sbom === undefined && provenance === undefined) return new Map();
  return (await import("./attest.ts")).parseAttestations(flags);
}

/** What the daemon asks us for while it builds, but for files. */
async function readSessionFlags(
  { secret, ssh, registryTls }: BuildFlags,
  context: FlagContext,
): Promise<Pick<BuildRequest, "secrets" | "ssh" | "registryTls">> {
  return {
    secrets: secret.length === 0 ? [] : (await import("./secret-flag.ts")).parseSecrets(secret, context),
    ssh: ssh.length === 0 ? [] : (await import("./ssh-flag.ts")).parseSsh(ssh, context),
    registryTls:
      registryTls.length === 0 ? [] : (await import("./registry-tls.ts")).parseRegistryTls(registryTls, context),
  };
}

/** The policy of the flag, or of the variable that buildctl and buildx have for it. */
async function readPolicy({ sourcePolicyFile: file }: BuildFlags, context: FlagContext) {
  if (file === undefined && !context.variables.EXPERIMENTAL_BUILDKIT_SOURCE_POLICY) return undefined;
  return (await import("./source-policy.ts")).readSourcePolicy(file, context);
}

/** The attestations that `--opt attest:TYPE=VALUE` asked for. */
function attestationsOf(options: ReadonlyMap<string, string>): [AttestationType, string][] {
  const types: readonly AttestationType[] = ["sbom", "provenance"];
  return types.flatMap((type) => {
    const value = options.get(`attest:${type}`);
    return value === undefined ? [] : [[type, value]];
  });
}

/** The labels that `--opt label:NAME=VALUE` gave. */
function labelsOf(options: ReadonlyMap<string, string>): [string, string][] {
  return [...options].flatMap(([name, value]) =>
    name.startsWith("label:") && name !== "label:" ? [[name.slice("label:".length), value]] : [],
  );
}

function parseProgress(flag: string | undefined, { variables }: FlagContext): BuildRequest["progress"] {
  const given = flag ?? (variables.BUILDKIT_PROGRESS || undefined);
  if (given === undefined) return "auto";
  const mode = progressModes.find((known) => known === given);
  if (mode === undefined) checkChoice(flag === undefined ? "BUILDKIT_PROGRESS" : "--progress", given, progressModes);
  return mode ?? "auto";
}
