import { didYouMean } from "../diagnostic/suggest.ts";
import { checkInteger, checkText, invalid } from "./invalid.ts";

/** A resource limit of a step; -1 is no limit. */
export interface Ulimit {
  /** As in `ulimitNames`. */
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

/** A CDI device of the daemon. */
export interface Device {
  readonly name: string;
  readonly optional: boolean;
}

/** The limits that a step can have. */
export const ulimitNames: readonly string[] =
  "core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split(" ");

/** Checks a limit. */
export function ulimitOf({ name, soft, hard }: Ulimit): Ulimit {
  if (!ulimitNames.includes(name)) throw invalid(`ulimits: unknown limit "${name}"${didYouMean(name, ulimitNames)}`);
  checkInteger(`ulimits: ${name}`, soft, -1, Number.MAX_SAFE_INTEGER);
  checkInteger(`ulimits: ${name}`, hard, -1, Number.MAX_SAFE_INTEGER);
  if (hard !== -1 && (soft === -1 || soft > hard))
    throw invalid(`ulimits: the soft limit of ${name} is above the hard`);
  return { name, soft, hard };
}

/** Checks a device. */
export function deviceOf(device: { readonly name: string; readonly optional?: boolean | undefined }): Device {
  if (device.name === "") throw invalid("devices: a device needs a name", 'write "vendor.com/class=name"');
  checkText("devices", device.name);
  return { name: device.name, optional: device.optional ?? false };
}
