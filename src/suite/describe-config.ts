import type { ImageConfig } from "../image/config.ts";
import { type ExportOptions, inheritConfig } from "../image/export-config.ts";
import { normalizePlatform, type Platform } from "../oci/platform.ts";
import type { ScriptBuild } from "./script-runner.ts";

/** What a script says of the image's config; base images are not asked. */
export function describeConfig({ evaluated, platform }: ScriptBuild): Readonly<Record<string, unknown>> {
  const [target] = evaluated.targets;
  return target === undefined ? {} : describeOptions(target.config, target.platform ?? platform);
}

function describeOptions(options: ExportOptions, platform: Platform): Readonly<Record<string, unknown>> {
  const { env, labels, inherit, annotations, workdir, os, arch, variant } = options;
  const says = (name: string) => hasVariable(env, name);
  const described = describeImage(inheritConfig(healthy, options, normalizePlatform(platform)));
  const variables = new Map([...described.env].filter(([name]) => name !== "PATH" || says("PATH")));
  return {
    ...described,
    env: variables,
    labels: labels ?? new Map(),
    annotations: annotations ?? new Map(),
    workdir: workdir === undefined ? undefined : described.workdir,
    healthcheck: options.healthcheck === undefined ? undefined : described.healthcheck,
    os,
    arch,
    variant,
    inherit,
  };
}

// A check that only changes times needs one that it changes.
const healthy: ImageConfig = {
  architecture: "",
  os: "",
  config: { Healthcheck: { Test: ["CMD", "true"] } },
  rootfs: { type: "layers", diff_ids: [] },
};

function hasVariable(env: ExportOptions["env"], name: string): boolean {
  if (env === undefined) return false;
  return "size" in env ? env.has(name) : env.some((entry) => entry.startsWith(`${name}=`));
}

/** An image's config with the names that `bk.export` has for its parts. */
export function describeImage({ config, author, os, architecture, variant, created }: ImageConfig) {
  const { Healthcheck: check } = config;
  return {
    entrypoint: config.Entrypoint,
    cmd: config.Cmd,
    env: new Map((config.Env ?? []).map(splitVariable)),
    user: config.User || undefined,
    workdir: config.WorkingDir,
    expose: Object.keys(config.ExposedPorts ?? {}),
    volumes: Object.keys(config.Volumes ?? {}),
    labels: new Map(Object.entries(config.Labels ?? {})),
    stop_signal: config.StopSignal,
    shell: config.Shell,
    healthcheck:
      check === undefined
        ? undefined
        : {
            test: check.Test,
            interval: duration(check.Interval),
            timeout: duration(check.Timeout),
            start_period: duration(check.StartPeriod),
            start_interval: duration(check.StartInterval),
            retries: check.Retries,
          },
    author,
    created,
    os,
    arch: architecture,
    variant,
  };
}

function splitVariable(entry: string): [string, string] {
  const equals = entry.indexOf("=");
  return equals < 0 ? [entry, ""] : [entry.slice(0, equals), entry.slice(equals + 1)];
}

/** `30s`, `1m30s`: nanoseconds as scripts write them. */
function duration(nanoseconds: number | undefined): string | undefined {
  if (nanoseconds === undefined || nanoseconds === 0) return undefined;
  let left = nanoseconds / 1e6;
  let text = "";
  for (const [unit, size] of [
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
    ["ms", 1],
  ] as const) {
    const count = unit === "ms" ? left : Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return text;
}
