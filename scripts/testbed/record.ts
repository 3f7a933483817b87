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
  readonly git: GitServer;
  readonly http: HttpServer;
  readonly devices: Devices;
  /** The oldest daemon that luakit supports, with `up --with v0.12`. */
  readonly v012?: OldBuildkit;
  /** A daemon between the oldest and the newest, with `up --with v0.21`. */
  readonly v021?: OldBuildkit;
  /** Debian's Docker Engine, with layers in a graphdriver and a BuildKit before v0.12; with `up --with docker`. */
  readonly docker?: DockerEngine;
  /**
   * The newest Docker Engine, with its images in containerd; with `up --with moby`. It builds, pulls and loads, but
   * `docker run` fails: Debian's runc does not know the time namespace that it asks for.
   */
  readonly moby?: DockerEngine;
  /** Path of the docker-buildx plugin, which also runs by itself; with `up --with buildx`. */
  readonly buildx?: string;
}

export interface OldBuildkit {
  readonly addr: string;
  readonly version: string;
  readonly buildctl: string;
}

export interface DockerEngine {
  /** Value for DOCKER_HOST. */
  readonly host: string;
  /** Path of the docker CLI. */
  readonly docker: string;
  readonly version: string;
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

/** Repositories over smart HTTP; `accessLog` has one `Access` as JSON per line. */
export interface GitServer {
  /** The sample: branches `main` and `feature`, tags `v1.0` (annotated) and `v0.1`, a submodule, `sub/dir/file.txt`. */
  readonly url: string;
  readonly moduleUrl: string;
  /** Answers to `x-access-token:TOKEN` as basic auth, or to `header`. */
  readonly privateUrl: string;
  readonly token: string;
  /** A whole Authorization header. */
  readonly header: string;
  readonly commits: GitCommits;
  readonly accessLog: string;
  readonly ssh: GitSsh;
}

/** Commit ids: `first` has tag v0.1, `main` has tag v1.0; `module` and `private` are tips of their own repositories. */
export interface GitCommits {
  readonly first: string;
  readonly main: string;
  readonly feature: string;
  readonly module: string;
  readonly private: string;
}

/** The sample repository over ssh. */
export interface GitSsh {
  readonly url: string;
  /** Text of a known_hosts file. */
  readonly knownHosts: string;
  /** File of the private key that is let in. */
  readonly key: string;
  /** Socket of an agent that holds the key. */
  readonly agent: string;
}

/** The HTTP file server; `accessLog` has one `Access` as JSON per line. */
export interface HttpServer {
  readonly url: string;
  readonly hello: HttpFileRecord;
  /** 1 MiB that does not compress. */
  readonly data: HttpFileRecord;
  /** A tar.gz with `archive/one.txt` and the executable `archive/bin/run.sh`. */
  readonly archive: HttpFileRecord;
  /** Sent with a Content-Disposition that says `filename`. */
  readonly named: HttpFileRecord & { readonly filename: string };
  /** 401 without the Authorization header `header`, which is `Bearer TOKEN`. */
  readonly private: HttpFileRecord & { readonly token: string; readonly header: string };
  /** URL that answers with the request's headers, one `name: value` per line. */
  readonly headers: string;
  readonly accessLog: string;
}

export interface HttpFileRecord {
  readonly url: string;
  readonly digest: string;
  readonly size: number;
}

/** Names of CDI devices: each sets `variable` to, and mounts `file` with, the part after `=`. */
export interface Devices {
  /** Needs the entitlement `device`. */
  readonly one: string;
  /** Allowed without an entitlement. */
  readonly free: string;
  readonly variable: string;
  readonly file: string;
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
