import { cleanPath } from "../../llb/path.ts";
import type { LintContext } from "../context.ts";
import { lineageOf } from "../lineage.ts";
import type { Problem, Rule } from "../rule.ts";
import { programOf } from "../shell.ts";
import type { Step } from "../step.ts";
import { plainDownloads } from "./images.ts";

export const sudo: Rule = {
  id: "sudo",
  severity: "warning",
  summary: "sudo does nothing where steps run as root, and asks for a password where they do not",
  *check({ steps }) {
    for (const step of steps) {
      if (!step.commands.some(({ words }) => /(?:^|\/)(?:sudo|doas)$/.test(words[0] ?? ""))) continue;
      const hint = 'steps run as root; for another user write user = "root"';
      yield { message: 'the step uses "sudo"', hint, at: step.call.location };
    }
  },
};

export const runCd: Rule = {
  id: "run-cd",
  severity: "warning",
  summary: "a command changes the directory that an option says better",
  *check({ steps }) {
    for (const step of steps) {
      const [, dir] = /^\s*cd\s+([^\s;&|$`"']+)\s*(?:&&|;|\n)\s*\S/.exec(step.text ?? "") ?? [];
      if (dir === undefined || step.commands.filter(({ words }) => words[0] === "cd").length > 1) continue;
      const hint = `write cwd = "${dir}" in the options`;
      yield { message: `the command begins with "cd ${dir}"`, hint, at: step.call.location };
    }
  },
};

const settings = /^(?:cd|export|alias|source|\.|umask|ulimit|set|unset|shopt|pushd|declare|readonly|hash)$/;

export const runWithoutEffect: Rule = {
  id: "run-without-effect",
  severity: "warning",
  summary: "a step only changes its own shell, which ends with it",
  *check({ steps }) {
    for (const step of steps) {
      const { commands, text } = step;
      if (text === undefined || commands.length === 0 || text.includes("$(")) continue;
      if (!commands.every(({ words }) => settings.test(words[0] ?? "") || words.every((word) => /^\w+=/.test(word)))) {
        continue;
      }
      const word = commands[0]?.words[0]?.split("=")[0] ?? "";
      const hint = adviceOf(word);
      yield {
        message: `"${word}" changes the shell of this step alone: later steps do not see it`,
        hint,
        at: step.call.location,
      };
    }
  },
};

function adviceOf(word: string): string {
  if (word === "cd" || word === "pushd") return "state:with_dir sets the directory of the steps that follow";
  return "state:with_env sets variables of the steps that follow";
}

const downloads = /^(?:curl|wget)$/;

export const pipeWithoutPipefail: Rule = {
  id: "pipe-without-pipefail",
  severity: "warning",
  summary: "a failed download goes into a pipe, and the step succeeds",
  *check({ stepIndex }) {
    for (const step of stepIndex.running((name) => downloads.test(name))) {
      const at = step.commands.findIndex((command) => command.feedsPipe && downloads.test(programOf(command).name));
      const command = step.commands[at];
      if (command === undefined || hasPipefail(step)) continue;
      const { name } = programOf(command);
      const hint = 'write shell = {"/bin/bash", "-o", "pipefail", "-c"}, or download with bk.http and a checksum';
      yield { message: `when "${name}" fails, the pipe behind it does not`, hint, at: step.call.location };
    }
  },
};

function hasPipefail({ shell, text = "" }: Step): boolean {
  return shell.some((word) => word.includes("pipefail")) || /\bset\s+[^\n;&]*pipefail/.test(text);
}

const careless: Readonly<Record<string, RegExp>> = {
  curl: /^(?:-[a-zA-Z]*k[a-zA-Z]*|--insecure)$/,
  wget: /^--no-check-certificate$/,
  "apt-get": /^(?:--allow-unauthenticated|--force-yes|--allow-insecure-repositories)$/,
  pip: /^--trusted-host/,
  pip3: /^--trusted-host/,
  git: /^http\.sslVerify=false$/i,
  npm: /^--(?:no-)?strict-ssl(?:=false)?$/,
};

export const insecureDownload: Rule = {
  id: "insecure-download",
  severity: "warning",
  summary: "a download that anybody on the way can change",
  *check(context): Iterable<Problem> {
    yield* plainDownloads(context);
    for (const step of context.stepIndex.running((name) => Object.hasOwn(careless, name))) {
      for (const { name, args } of step.programs) {
        const flag = Object.hasOwn(careless, name) ? args.find((arg) => careless[name]?.test(arg)) : undefined;
        if (flag === undefined) continue;
        const hint = "leave it out, and add the certificate of a private server to the image";
        yield { message: `"${flag}" lets ${name} take what anybody sends`, hint, at: step.call.location };
      }
    }
  },
};

export const gitClone: Rule = {
  id: "git-clone",
  severity: "info",
  summary: "a clone in a step stays as it is in the cache, whatever happens to the repository",
  *check({ stepIndex }) {
    for (const step of stepIndex.running((name) => name === "git")) {
      if (!step.programs.some(({ name, args }) => name === "git" && args.includes("clone"))) continue;
      const hint =
        "bk.git gives the repository as a State: it needs no git in the image, and its commit is part of the cache";
      yield { message: '"git clone" is run only once for as long as the cache lives', hint, at: step.call.location };
    }
  },
};

const changes = /^ch(?:own|mod)$/;

export const recursiveChange: Rule = {
  id: "recursive-change",
  severity: "info",
  summary: "chown -R or chmod -R stores all files of an earlier copy a second time",
  *check(context: LintContext) {
    for (const step of context.stepIndex.running((name) => changes.test(name))) {
      for (const { name, args } of step.programs) {
        if (!changes.test(name) || !args.some((arg) => /^(?:-[a-zA-Z]*R|--recursive)/.test(arg))) continue;
        const path = args.find((arg) => arg.startsWith("/") && isCopied(step, cleanPath(arg)));
        if (path === undefined) continue;
        const option = name === "chown" ? "owner" : "mode";
        const message = `"${name}" stores everything below ${path} a second time`;
        yield { message, hint: `give the option ${option} to the copy`, at: step.call.location };
      }
    }
  },
};

/** Lineages of more ops are not looked at further back. */
const longestWalk = 100;

function isCopied({ op }: Step, path: string): boolean {
  let walked = 0;
  for (const vertex of lineageOf(op.state.output)) {
    if (++walked > longestWalk) return false;
    if (vertex.op.type !== "file") continue;
    const dests = vertex.op.actions.flatMap((action) => (action.type === "copy" ? [cleanPath(action.dest)] : []));
    if (dests.some((dest) => dest === path || dest.startsWith(`${path === "/" ? "" : path}/`))) return true;
  }
  return false;
}
