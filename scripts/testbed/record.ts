import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./place.ts";

/** Everything that a test may want to know of a testbed that is up; what `env` prints. */
export interface Testbed {
  /** Hash of the scripts that made this testbed. */
  readonly revision: string;
  readonly addr: string;
  readonly version: string;
  readonly buildctl: string;
  readonly buildkitd: string;
  /** `127.0.0.1:port`, plain http. */
  readonly registry: string;
  readonly authRegistry: AuthRegistry;
  readonly images: Images;
  readonly ociLayout: OciLayout;
}

/** A registry that answers only to basic auth; it serves the same busybox images. */
export interface AuthRegistry {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** Full references of what the registry serves. */
export interface Images {
  readonly busybox: string;
}

/** An OCI image layout of `busybox:latest` on disk. */
export interface OciLayout {
  readonly dir: string;
  readonly digest: string;
}

/** What `up` recorded; undefined when nothing was. */
export function readRecord(place: Place): Testbed | undefined {
  const file = recordFile(place);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

export function writeRecord(place: Place, testbed: Testbed): void {
  const file = recordFile(place);
  writeFileSync(`${file}.new`, `${JSON.stringify(testbed, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

function recordFile(place: Place): string {
  return join(place.state, "testbed.json");
}
