import { LuakitError } from "../diagnostic/luakit-error.ts";
import { defaultTimeLimit, parseTimeLimit } from "../script/time-limit.ts";
import { type Flag, flagValue, flagValues, type Input } from "./command.ts";

/** The flags of every command that evaluates a script. */
export const scriptFlags = {
  "build-arg": {
    type: "string",
    value: "NAME=VALUE",
    repeatable: true,
    doc: "build argument, read by bk.arg and os.getenv; NAME alone takes the host's variable",
  },
  opt: { type: "string", value: "NAME=VALUE", repeatable: true, doc: "the same as --build-arg" },
  "frontend-arg": {
    type: "string",
    value: "NAME=VALUE",
    repeatable: true,
    hidden: true,
    doc: "the same as --build-arg",
  },
  env: { type: "string", value: "NAME", repeatable: true, doc: "let os.getenv see this variable of the host" },
  platform: {
    type: "string",
    value: "OS/ARCH",
    repeatable: true,
    doc: "platform to build for; default: this machine's, on Linux",
  },
  target: { type: "string", value: "NAME", doc: "the target to build, of a script with several" },
  context: {
    type: "string",
    short: "c",
    value: "DIR",
    doc: "root of the build context, where require looks too; default: .",
  },
  timeout: { type: "string", value: "DURATION", doc: "time that the script may take; default: 30s" },
} as const satisfies Record<string, Flag>;

/** Options of frontends that are flags here, or options of steps. As arguments of a script they would do nothing. */
const flagsOfOptions: Readonly<Record<string, string>> = {
  target: "--target NAME",
  platform: "--platform OS/ARCH",
  filename: "the path of the script",
  "no-cache": "no_cache = true in the options of a step, or --no-cache",
  "add-hosts": "hosts in the options of a step",
  hostname: "hostname in the options of a step",
  "shm-size": "shm_size in the options of a step",
  ulimit: "ulimits in the options of a step",
  "cgroup-parent": "cgroup_parent in the options of a step",
  "force-network-mode": "network in the options of a step",
};

/** Throws "usage" for an option that a frontend would have taken for more than an argument. */
export function refuseFrontendOptions(input: Input): void {
  for (const flag of ["frontend-arg", "opt"]) {
    for (const text of flagValues(input, flag)) {
      const [name = "", value] = text.split(/=(.*)/s);
      const instead = Object.hasOwn(flagsOfOptions, name) ? flagsOfOptions[name] : undefined;
      // The one that a daemon reads itself.
      if (instead === undefined || (name === "no-cache" && value === "")) continue;
      throw new LuakitError("usage", `--${flag}: ${name} is an option of frontends, and luakit has another way`, {
        hint: `write ${instead}; for an argument of the script, --build-arg ${name}=…`,
      });
    }
  }
}

/** Build arguments in the order given, the last one of a name winning. */
export function readArguments(
  input: Input,
  variables: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  refuseFrontendOptions(input);
  const found = new Map<string, string>();
  for (const flag of ["frontend-arg", "opt", "build-arg"]) {
    for (const text of flagValues(input, flag)) {
      const equals = text.indexOf("=");
      const name = (equals < 0 ? text : text.slice(0, equals)).replace(/^build-arg:/, "");
      if (name === "") throw new LuakitError("usage", `--${flag}: "${text}" is not NAME=VALUE`);
      const hosts = Object.hasOwn(variables, name) ? variables[name] : undefined;
      const value = equals < 0 ? hosts : text.slice(equals + 1);
      if (value !== undefined) found.set(name, value);
    }
  }
  return found;
}

/** Milliseconds of `--timeout`. */
export function readTimeout(input: Input): number {
  const text = flagValue(input, "timeout");
  return text === undefined ? defaultTimeLimit : parseTimeLimit("--timeout", text);
}
