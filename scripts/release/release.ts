import { readFileSync } from "node:fs";
import { renderLicenses } from "../licenses.ts";
import { executablePath, type Target } from "../targets.ts";
import { sha256 } from "./checksums.ts";

/** One release: what all of its files are made from. */
export interface Release {
  readonly version: string;
  readonly description: string;
  /** Address of the project, which downloads are below. */
  readonly repository: string;
  /** Seconds since 1970: the time of everything that is made. */
  readonly time: number;
  readonly targets: readonly Target[];
  /** Text of luakit's own licence. */
  readonly license: string;
  /** Licence texts of what is inside the executables. */
  readonly licenses: string;
}

/** The release of this checkout. */
export async function thisRelease(targets: readonly Target[]): Promise<Release> {
  const { version, description, repository } = JSON.parse(readFileSync("package.json", "utf8"));
  return {
    version: String(version),
    description: String(description),
    repository: String(repository),
    time: releaseTime(),
    targets,
    license: readFileSync("LICENSE", "utf8"),
    licenses: await renderLicenses(),
  };
}

/** Address that a file of a release is downloaded from. */
export function downloadUrl({ repository, version }: Release, file: string): string {
  return `${repository}/releases/download/v${version}/${file}`;
}

/** Path and checksum of a target's executable, which is there. */
export function executableOf(target: Target): { readonly path: string; readonly sha256: string } {
  const path = executablePath(target);
  return { path, sha256: sha256(path) };
}

/** SOURCE_DATE_EPOCH, or the time of the commit. */
function releaseTime(): number {
  const epoch = process.env.SOURCE_DATE_EPOCH ?? Bun.spawnSync(["git", "log", "-1", "--format=%ct"]).stdout.toString();
  const seconds = Number.parseInt(epoch, 10);
  if (!Number.isFinite(seconds)) throw new Error("there is neither a commit nor SOURCE_DATE_EPOCH");
  return seconds;
}
