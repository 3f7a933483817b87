import { epochName, readEpoch } from "../client/epoch.ts";
import type { Input } from "./command.ts";
import { readArguments } from "./script-flags.ts";
import type { Terminal } from "./terminal.ts";

/** The time of the image in seconds since 1970, as an argument of the build or the host's variable gives it. */
export function epochArgument(input: Input, { variables }: Terminal): number | undefined {
  return readEpoch(readArguments(input, variables).get(epochName) ?? variables[epochName]);
}
