import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Healthcheck } from "./config.ts";
import { parseDuration } from "./duration.ts";

/** A duration as text in Go's notation, or a number of nanoseconds. */
export type Duration = string | number;

/** `cmd` and `test` are two names of one option: a string runs in the shell, a list runs as it is. */
export interface HealthcheckOptions {
  readonly cmd?: string | readonly string[] | undefined;
  readonly test?: string | readonly string[] | undefined;
  readonly interval?: Duration | undefined;
  readonly timeout?: Duration | undefined;
  readonly start_period?: Duration | undefined;
  readonly start_interval?: Duration | undefined;
  readonly retries?: number | undefined;
  /** Switches an inherited check off; `none` is Dockerfile's word for it. */
  readonly disable?: boolean | undefined;
  readonly none?: boolean | undefined;
}

/** The check that HEALTHCHECK would give; without a command it keeps the one of `inherited`. */
export function toHealthcheck(options: HealthcheckOptions, inherited: Healthcheck | undefined): Healthcheck {
  const given = options.cmd ?? options.test;
  if (options.cmd !== undefined && options.test !== undefined) throw refuse('"cmd" and "test" mean the same: give one');
  if (options.disable === true || options.none === true) {
    if (given === undefined) return { Test: ["NONE"] };
    throw refuse("a disabled check has no command");
  }
  return {
    Test: given === undefined ? inheritedTest(inherited) : toTest(given),
    Interval: nanoseconds("interval", options.interval),
    Timeout: nanoseconds("timeout", options.timeout),
    StartPeriod: nanoseconds("start_period", options.start_period),
    StartInterval: nanoseconds("start_interval", options.start_interval),
    Retries: retries(options.retries),
  };
}

function inheritedTest(inherited: Healthcheck | undefined): readonly string[] {
  const test = inherited?.Test;
  if (test !== undefined && test.length > 0 && test[0] !== "NONE") return test;
  throw refuse("it has no command and there is none to inherit", 'give "cmd"');
}

function toTest(command: string | readonly string[]): readonly string[] {
  if (typeof command === "string") {
    if (command.trim() === "") throw refuse("the command is empty");
    return command === "NONE" ? ["NONE"] : ["CMD-SHELL", command];
  }
  const [first, ...rest] = command;
  if (first === undefined) throw refuse("the command is empty");
  if (first === "NONE" && rest.length === 0) return command;
  if (first !== "CMD" && first !== "CMD-SHELL") return ["CMD", ...command];
  if (rest.length === 0) throw refuse(`"${first}" needs a command after it`);
  if (first === "CMD-SHELL" && rest.length > 1) throw refuse('"CMD-SHELL" takes one string');
  return command;
}

function nanoseconds(name: string, duration: Duration | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const value = typeof duration === "string" ? parseDuration(duration) : duration;
  if (value === 0 || value >= 1_000_000) return value;
  throw refuse(`"${name}" must be at least 1ms`);
}

function retries(count: number | undefined): number | undefined {
  if (count === undefined || (Number.isInteger(count) && count >= 0 && count < 2 ** 31)) return count;
  throw refuse('"retries" must be a whole number of 0 or more');
}

function refuse(why: string, hint?: string): LuakitError {
  return new LuakitError("image.config", `option "healthcheck": ${why}`, { hint });
}
