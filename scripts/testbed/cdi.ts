import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./place.ts";
import type { Devices } from "./record.ts";

const kind = "vendor.example/thing";
const variable = "TESTBED_THING";
const file = "/testbed-thing.txt";

/** Where buildkitd looks for devices. */
export function cdiDirectory(place: Place): string {
  return join(place.state, "cdi");
}

/** Describes two CDI devices that are a variable and a file: nothing that the machine would need to have. */
export function writeDevices(place: Place): Devices {
  const directory = cdiDirectory(place);
  mkdirSync(directory, { recursive: true });
  const describe = (name: string) => {
    const source = join(directory, `${name}.txt`);
    writeFileSync(source, `${name}\n`);
    const mounts = [{ hostPath: source, containerPath: file, options: ["ro", "bind"] }];
    return { name, containerEdits: { env: [`${variable}=${name}`], mounts } };
  };
  const annotations = { "org.mobyproject.buildkit.device.autoallow": "true" };
  const devices = [describe("one"), { ...describe("free"), annotations }];
  writeFileSync(join(directory, "thing.json"), JSON.stringify({ cdiVersion: "0.6.0", kind, devices }));
  return { one: `${kind}=one`, free: `${kind}=free`, variable, file };
}
