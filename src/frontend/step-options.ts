import { LinuxResources } from "../gen/ops.ts";
import { type Ulimit, ulimitOf } from "../llb/exec-limit.ts";
import { type Host, hostsOf } from "../llb/host.ts";
import type { StepDefaults } from "../llb/step-defaults.ts";
import { proxyOf, proxyOptions } from "../script/proxy-arguments.ts";
import {
  checkedOption,
  chooseOptions,
  integerOption,
  pairsOption,
  type RawOptions,
  refuseOption,
  withPrefix,
  wordOption,
} from "./option-value.ts";

const names = [
  "add-hosts",
  "cgroup-parent",
  "force-network-mode",
  "hostname",
  "shm-size",
  "ulimit",
  "memory",
  "memswap",
  "cpushares",
  "cpuperiod",
  "cpuquota",
  "cpusetcpus",
  "cpusetmems",
];

const hostnameArgument = "BUILDKIT_SANDBOX_HOSTNAME";
const namespaceArgument = "BUILDKIT_CACHE_MOUNT_NS";

/** What a client asks for all steps, of which a step's own options go before. */
export function readStepOptions(options: RawOptions): StepDefaults {
  const built = withPrefix(options, "build-arg:");
  const shmSize = integerOption(options, "shm-size", { least: 0 });
  return {
    hosts: readHosts(options),
    ulimits: readUlimits(options),
    hostname: built.get(hostnameArgument) || options.get("hostname") || undefined,
    network: wordOption(options, "force-network-mode", ["sandbox", "none", "host"]),
    cgroupParent: options.get("cgroup-parent") || undefined,
    shmSize: shmSize === 0 ? undefined : shmSize,
    cacheNamespace: built.get(namespaceArgument) || undefined,
    proxy: proxyOf(built),
    resources: readResources(options),
  };
}

/** Those of the options that count for steps, as other frontends get them. */
export function chooseStepOptions(options: RawOptions): Readonly<Record<string, string>> {
  const chosen = chooseOptions(options, [...names, `build-arg:${hostnameArgument}`, `build-arg:${namespaceArgument}`]);
  return { ...chosen, ...proxyOptions(withPrefix(options, "build-arg:")) };
}

function readHosts(options: RawOptions): readonly Host[] {
  return pairsOption(options, "add-hosts").flatMap(([name, address]) =>
    checkedOption("add-hosts", () => hostsOf(new Map([[name.toLowerCase(), address]]))),
  );
}

function readUlimits(options: RawOptions): readonly Ulimit[] {
  return pairsOption(options, "ulimit").map(([name, text]) => {
    const [, soft = "", hard = soft] = /^([+-]?\d+)(?::([+-]?\d+))?$/.exec(text) ?? [];
    if (soft === "") throw refuseOption("ulimit", `expected ${name}=SOFT[:HARD], got "${name}=${text}"`);
    return checkedOption("ulimit", () => ulimitOf({ name, soft: Number(soft), hard: Number(hard) }));
  });
}

function readResources(options: RawOptions): Uint8Array | undefined {
  const encoded = LinuxResources.encode({
    memory: integerOption(options, "memory", { least: 1 }),
    memorySwap: integerOption(options, "memswap", { least: 1, special: -1 }),
    cpuShares: integerOption(options, "cpushares", { least: 1 }),
    cpuPeriod: integerOption(options, "cpuperiod", { least: 1 }),
    cpuQuota: integerOption(options, "cpuquota", { least: 1 }),
    cpusetCpus: readCpuSet(options, "cpusetcpus"),
    cpusetMems: readCpuSet(options, "cpusetmems"),
  });
  return encoded.length === 0 ? undefined : encoded;
}

/** `0-3,5`; BuildKit takes no number above. */
const highestCpu = 8192;

function readCpuSet(options: RawOptions, name: string): string | undefined {
  const text = options.get(name) ?? "";
  for (const part of text.split(",").map((each) => each.trim())) {
    const [, first, last = first] = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(part) ?? [];
    const fits = first !== undefined && Number(first) <= Number(last) && Number(last) <= highestCpu;
    if (part !== "" && !fits) throw refuseOption(name, `expected numbers and ranges such as 0-3,5, got "${text}"`);
  }
  return text || undefined;
}
