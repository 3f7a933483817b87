import type { LintContext } from "../context.ts";
import { shippedOps } from "../lineage.ts";
import { isPackage, managerOf, mayInstall, type PackageManager } from "../package-manager.ts";
import type { Problem, Rule } from "../rule.ts";
import { isKeptOut, type Step } from "../step.ts";

/** Managers that a step installs with, each once, with the words that say so. */
function installsOf(step: Step): ReadonlyMap<PackageManager, string> {
  const found = new Map<PackageManager, string>();
  for (const { name, args } of step.programs) {
    const install = managerOf(name, args);
    if (install !== undefined && !found.has(install.manager)) found.set(install.manager, install.words);
  }
  return found;
}

export const installLeftovers: Rule = {
  id: "install-leftovers",
  severity: "warning",
  summary: "a package manager leaves its lists and downloads in a layer of the result",
  *check({ stepIndex, targets }) {
    const steps = stepIndex.running(mayInstall);
    if (steps.length === 0) return;
    const shipped = shippedOps(targets);
    for (const step of steps) {
      if (!shipped.has(step.op)) continue;
      for (const [manager, words] of installsOf(step)) {
        if (manager.leavesNothing(step)) continue;
        const message = `"${words}" leaves ${manager.leftovers} in the result`;
        yield { message, hint: manager.advice, at: step.call.location };
      }
    }
  },
};

export const uncachedInstall: Rule = {
  id: "uncached-install",
  severity: "info",
  summary: "a build step downloads all dependencies again whenever it runs",
  *check({ stepIndex, targets }) {
    const steps = stepIndex.running(mayInstall);
    if (steps.length === 0) return;
    const shipped = shippedOps(targets);
    for (const step of steps) {
      if (shipped.has(step.op) || step.op.mounts.some(({ type }) => type === "cache")) continue;
      for (const [manager, words] of installsOf(step)) {
        if (manager.cache === undefined) continue;
        const hint = `keep what it downloads: mounts = {bk.cache("${manager.cache}")}`;
        yield { message: `"${words}" downloads everything again whenever it runs`, hint, at: step.call.location };
      }
    }
  },
};

const asks: Readonly<Record<string, RegExp>> = {
  "apt-get": /^(?:-[a-z]*y[a-z]*|--yes|--assume-yes|-qq|-q=2)$/,
  apt: /^(?:-[a-z]*y[a-z]*|--yes|--assume-yes|-qq|-q=2)$/,
  dnf: /^(?:-[a-z]*y[a-z]*|--assumeyes)$/,
  yum: /^(?:-[a-z]*y[a-z]*|--assumeyes)$/,
  microdnf: /^(?:-[a-z]*y[a-z]*|--assumeyes)$/,
  zypper: /^(?:-[a-z]*[ny][a-z]*|--non-interactive|--no-confirm)$/,
  pacman: /^--noconfirm$/,
};

export const installWithoutYes: Rule = {
  id: "install-without-yes",
  severity: "warning",
  summary: "a package manager asks a question that nobody can answer",
  *check({ stepIndex }) {
    for (const step of stepIndex.running((name) => Object.hasOwn(asks, name))) {
      for (const { name, args } of step.programs) {
        const flag = Object.hasOwn(asks, name) ? asks[name] : undefined;
        const isInstall = args.some((arg) => /^(?:(?:dist-|group|re)?install|remove|upgrade|in|-S\w*)$/.test(arg));
        if (flag === undefined || !isInstall || args.some((arg) => flag.test(arg))) continue;
        if (step.text?.match(/APT::Get::Assume-Yes|\byes\s*\|/)) continue;
        const hint = name === "pacman" ? "add --noconfirm" : `write "${name} install -y"`;
        yield {
          message: `"${name}" asks before it installs, and nobody is there to answer`,
          hint,
          at: step.call.location,
        };
      }
    }
  },
};

const upgrades: Readonly<Record<string, RegExp>> = {
  "apt-get": /^(?:upgrade|dist-upgrade|full-upgrade)$/,
  apt: /^(?:upgrade|dist-upgrade|full-upgrade)$/,
  apk: /^upgrade$/,
  dnf: /^(?:upgrade|update)$/,
  yum: /^(?:upgrade|update)$/,
  microdnf: /^(?:upgrade|update)$/,
  zypper: /^(?:up|update|dup|dist-upgrade)$/,
};

export const systemUpgrade: Rule = {
  id: "system-upgrade",
  severity: "warning",
  summary: "a step upgrades whatever has a newer version today",
  *check({ stepIndex }) {
    for (const step of stepIndex.running((name) => Object.hasOwn(upgrades, name))) {
      for (const { name, args } of step.programs) {
        const pattern = Object.hasOwn(upgrades, name) ? upgrades[name] : undefined;
        const [command, ...rest] = args.filter((arg) => !arg.startsWith("-"));
        if (pattern === undefined || command === undefined || !pattern.test(command) || rest.some(isPackage)) continue;
        const message = `"${name} ${command}" changes what the base image was tested with, and is another thing every day`;
        yield { message, hint: "take a newer base image", at: step.call.location };
      }
    }
  },
};

export const aptCommand: Rule = {
  id: "apt-command",
  severity: "info",
  summary: "apt is for people, and changes how it works; apt-get is for scripts",
  *check({ stepIndex }) {
    for (const step of stepIndex.running((name) => name === "apt")) {
      yield { message: '"apt" has no stable command line', hint: 'write "apt-get"', at: step.call.location };
    }
  },
};

const apt = /^(?:apt-get|apt)$/;

export const loneIndexUpdate: Rule = {
  id: "lone-index-update",
  severity: "warning",
  summary: "a step fetches package lists for later steps, which then install from old ones",
  *check(context: LintContext): Iterable<Problem> {
    for (const step of context.stepIndex.running((name) => apt.test(name))) {
      const programs = step.programs;
      const update = programs.find(({ name, args }) => apt.test(name) && args.includes("update"));
      if (update === undefined || isKeptOut(step, "/var/lib/apt/lists")) continue;
      if (programs.some(({ name, args }) => managerOf(name, args) !== undefined || args.includes("build-dep")))
        continue;
      const message = `"${update.name} update" is a step of its own, so its lists grow old in the cache`;
      const hint = 'write it before the installation, in one step: "apt-get update && apt-get install -y …"';
      yield { message, hint, at: step.call.location };
    }
  },
};
