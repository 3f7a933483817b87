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

/** Full references of what the registry serves; `fetchConfig` tells what each one's config says. */
export interface Images {
  /** One layer, PATH only, root; `app` is uid 1000. */
  readonly busybox: string;
  /** An index: linux/amd64 and linux/arm64/v8, told apart by /arch.txt and MULTI. */
  readonly multi: string;
  /** Two layers; Env, User, WorkingDir, Entrypoint, Cmd, Labels, ExposedPorts, Volumes, StopSignal, Healthcheck. */
  readonly configured: string;
  /** A minimal system of the machine's own release, root. */
  readonly debian: string;
  /** The same with User `app`, WorkingDir /srv/work, Entrypoint, Labels, ExposedPorts, Volumes. */
  readonly debianConfigured: string;
}

/** An OCI image layout on disk with all busybox tags. */
export interface OciLayout {
  readonly dir: string;
  /** Of the image tagged `latest`. */
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
