import { isKeptOut, type Step, variableOf } from "./step.ts";

/** A program that installs packages, and what it leaves behind. */
export interface PackageManager {
  readonly names: RegExp;
  /** What of its arguments makes it install. */
  readonly installs: (args: readonly string[]) => string | undefined;
  readonly leftovers: string;
  readonly advice: string;
  /** Where it keeps downloads of a language's packages. */
  readonly cache?: string;
  leavesNothing(step: Step): boolean;
}

/** Whether an argument names a package, rather than being a flag. */
export function isPackage(arg: string): boolean {
  return !arg.startsWith("-") && arg !== "";
}

/** Whether a program may install packages, or run one that does. */
export function mayInstall(name: string): boolean {
  return python.test(name) || managers.some(({ names }) => names.test(name));
}

const python = /^python[\d.]*$/;

/** What a program installs with, and the words that say so: `apt-get install`. */
export function managerOf(
  name: string,
  args: readonly string[],
): { readonly manager: PackageManager; readonly words: string } | undefined {
  const isModule = python.test(name) && args[0] === "-m";
  const program = isModule ? (args[1] ?? "") : name;
  const rest = isModule ? args.slice(2) : args;
  const manager = managers.find(({ names }) => names.test(program));
  const command = manager?.installs(rest);
  return manager === undefined || command === undefined ? undefined : { manager, words: `${program} ${command}` };
}

/** The subcommand that comes first, when it is one of these. */
function first(pattern: RegExp) {
  return (args: readonly string[]) => {
    const command = args.find(isPackage);
    return command !== undefined && pattern.test(command) ? command : undefined;
  };
}

/** Two words: `mod download`. */
function firstTwo(pattern: RegExp) {
  return (args: readonly string[]) => {
    const [one = "", two = ""] = args.filter(isPackage);
    if (pattern.test(`${one} ${two}`)) return `${one} ${two}`;
    return pattern.test(one) ? one : undefined;
  };
}

function removes(step: Step, path: string): boolean {
  return step.programs.some(
    ({ name, args }) => name === "rm" && args.some((arg) => arg.startsWith("/") && reaches(arg, path)),
  );
}

/** `/var/cache` and `/var/cache/apk/*` both reach `/var/cache/apk`. */
function reaches(removed: string, path: string): boolean {
  const plain = removed.replace(/\/?\*?$/, "");
  return path === plain || path.startsWith(`${plain}/`) || plain.startsWith(`${path}/`);
}

function runs(step: Step, program: RegExp, ...words: readonly string[]): boolean {
  return step.programs.some(({ name, args }) => program.test(name) && words.every((word) => args.includes(word)));
}

/** A cache mount of a step at, above or below what a manager downloads to. */
function caches(step: Step, pattern: RegExp): boolean {
  return step.op.mounts.some(({ type, dest }) => (type === "cache" || type === "tmpfs") && pattern.test(dest ?? ""));
}

function system(
  names: RegExp,
  path: string,
): Pick<PackageManager, "names" | "installs" | "leftovers" | "leavesNothing"> {
  return {
    names,
    installs: first(/^(?:(?:group|local|re)?install|in)$/),
    leftovers: `downloads and lists in ${path}`,
    leavesNothing: (step) => isKeptOut(step, path) || removes(step, path) || runs(step, names, "clean"),
  };
}

const managers: readonly PackageManager[] = [
  {
    ...system(/^(?:apt-get|apt|aptitude)$/, "/var/lib/apt/lists"),
    installs: first(/^(?:install|build-dep)$/),
    leftovers: "package lists",
    advice: 'end the step with "&& rm -rf /var/lib/apt/lists/*", or mount caches at /var/lib/apt and /var/cache/apt',
    leavesNothing: (step) => isKeptOut(step, "/var/lib/apt/lists") || removes(step, "/var/lib/apt/lists"),
  },
  {
    names: /^apk$/,
    installs: first(/^add$/),
    leftovers: "an index of packages",
    advice: 'write "apk add --no-cache", or mount a cache at /etc/apk/cache or /var/cache/apk',
    leavesNothing: (step) =>
      runs(step, /^apk$/, "--no-cache") ||
      ["/var/cache/apk", "/etc/apk/cache"].some((path) => isKeptOut(step, path) || removes(step, path)),
  },
  {
    ...system(/^(?:dnf|yum|microdnf|tdnf)$/, "/var/cache"),
    advice: 'end the step with "&& dnf clean all", or mount a cache at /var/cache/dnf',
    leavesNothing: (step) =>
      runs(step, /^(?:dnf|yum|microdnf|tdnf)$/, "clean") ||
      caches(step, /^\/var\/cache\/?(?:dnf|yum|libdnf5|tdnf)?\/?$/) ||
      ["dnf", "yum", "libdnf5"].some((name) => removes(step, `/var/cache/${name}`)),
  },
  {
    ...system(/^zypper$/, "/var/cache/zypp"),
    advice: 'end the step with "&& zypper clean --all", or mount a cache at /var/cache/zypp',
  },
  {
    names: /^pip[\d.]*$/,
    installs: first(/^(?:install|wheel|download)$/),
    leftovers: "downloaded packages",
    advice: 'write "pip install --no-cache-dir", or mount a cache at /root/.cache/pip',
    cache: "/root/.cache/pip",
    leavesNothing: (step) =>
      runs(step, /./, "--no-cache-dir") ||
      runs(step, /^pip[\d.]*$/, "cache", "purge") ||
      !/^(?:|0|false|no|off)$/i.test(variableOf(step, "PIP_NO_CACHE_DIR") ?? "") ||
      caches(step, /\/\.cache(?:\/pip)?\/?$/) ||
      caches(step, new RegExp(`^${RegExp.escape(variableOf(step, "PIP_CACHE_DIR") ?? "?")}$`)),
  },
  {
    names: /^npm$/,
    installs: first(/^(?:ci|i|install|clean-install|add)$/),
    leftovers: "downloaded packages",
    advice: 'mount a cache at /root/.npm, or end the step with "&& npm cache clean --force"',
    cache: "/root/.npm",
    leavesNothing: (step) =>
      runs(step, /^npm$/, "cache", "clean") || caches(step, /npm/) || removes(step, "/root/.npm"),
  },
  {
    names: /^(?:yarn|pnpm)$/,
    installs: first(/^(?:install|add|i)$/),
    leftovers: "downloaded packages",
    advice: "mount a cache where it keeps its downloads",
    cache: "/usr/local/share/.cache/yarn",
    leavesNothing: (step) => runs(step, /^yarn$/, "clean") || caches(step, /yarn|pnpm/),
  },
  {
    names: /^go$/,
    installs: firstTwo(/^(?:mod download|install|get)$/),
    leftovers: "the sources of modules and what was compiled of them",
    advice: "mount caches at /go/pkg/mod and /root/.cache/go-build, or compile in another State and copy the program",
    cache: "/go/pkg/mod",
    leavesNothing: (step) => caches(step, /go\/pkg|go-build|^\/go\/?$/) || runs(step, /^go$/, "clean"),
  },
  {
    names: /^cargo$/,
    installs: first(/^(?:fetch|install)$/),
    leftovers: "the registry's index and sources",
    advice: "mount a cache at /usr/local/cargo/registry, or compile in another State and copy the program",
    cache: "/usr/local/cargo/registry",
    leavesNothing: (step) => caches(step, /cargo/) || removes(step, "/usr/local/cargo/registry"),
  },
];
