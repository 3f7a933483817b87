import { closeSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotWrite } from "../diagnostic/system-error.ts";
import type { FlagContext } from "./flag-context.ts";
import { newId } from "./id.ts";
import { formatMetadata } from "./metadata-file.ts";
import { statOf } from "./path-stat.ts";

/** Files that tell of a build when it is over. */
export interface ResultFiles {
  /** `--metadata-file`: what the exporters said, as JSON. */
  readonly metadata?: string | undefined;
  /** `--iidfile`: the image's id. */
  readonly imageId?: string | undefined;
  /** `--ref-file`: the name of the build in the daemon's history; written also when the build fails. */
  readonly ref?: string | undefined;
  /** `--trace`: every status message, one a line; written while the build runs. */
  readonly trace?: string | undefined;
  /** `--report`: an HTML page, written when the build is over, however it ended. */
  readonly report?: string | undefined;
}

/** The flags that name them. */
export const fileFlags = {
  metadata: "metadata-file",
  imageId: "iidfile",
  ref: "ref-file",
  trace: "trace",
  report: "report",
} as const;

/** Makes the paths absolute. Throws "usage" for a file that cannot be written. */
export function parseResultFiles(files: ResultFiles, { cwd }: FlagContext): ResultFiles {
  const check = (key: keyof typeof fileFlags) => {
    const file = files[key];
    if (file === undefined) return undefined;
    const path = resolve(cwd, file);
    if (file === "" || statOf(path)?.isDirectory()) {
      throw new LuakitError("usage", `--${fileFlags[key]}: "${file}" is not the name of a file`);
    }
    if (statOf(dirname(path))?.isDirectory()) return path;
    throw new LuakitError("usage", `--${fileFlags[key]}: there is no directory "${dirname(path)}"`);
  };
  const told = { trace: check("trace"), report: check("report") };
  return { metadata: check("metadata"), imageId: check("imageId"), ref: check("ref"), ...told };
}

/** Removes an image id of an earlier build, so that none is left when this one fails. Throws "file.write". */
export function removeStaleImageId({ imageId }: ResultFiles): void {
  if (imageId === undefined || !statOf(imageId)?.isFile()) return;
  attempt(imageId, () => rmSync(imageId, { force: true }));
}

/** Writes the file of `--ref-file`. Throws "file.write". */
export function writeRefFile({ ref: file }: ResultFiles, ref: string): void {
  if (file !== undefined) replaceFile(file, ref);
}

/** Refuses the file of `--report` when it cannot be written, before the work that it is to tell of. Throws "file.write". */
export function expectReportFile({ report: file }: ResultFiles): void {
  if (file === undefined) return;
  const isNew = statOf(file) === undefined;
  attempt(file, () => closeSync(openSync(file, "a")));
  if (isNew) rmSync(file, { force: true });
}

/** Writes the file of `--report`. Throws "file.write". */
export function writeReportFile({ report: file }: ResultFiles, page: string): void {
  if (file !== undefined) replaceFile(file, page);
}

/** Writes the files that tell of a build that succeeded. Throws "file.write". */
export function writeResultFiles(files: ResultFiles, response: Readonly<Record<string, string>>): void {
  if (files.metadata !== undefined) replaceFile(files.metadata, formatMetadata(response));
  if (files.imageId === undefined) return;
  const id = imageIdOf(response);
  if (id === undefined) {
    throw new LuakitError("file.write", "the daemon named no image, so --iidfile was not written");
  }
  replaceFile(files.imageId, id);
}

/** What docker calls the id of an image: the digest of its config, else of its manifest or index. */
export function imageIdOf(response: Readonly<Record<string, string>>): string | undefined {
  return response["containerimage.config.digest"] ?? response["containerimage.digest"];
}

/** Readers see the old file or the new one. A symlink stays one; what is no regular file, such as a pipe, is written to. */
function replaceFile(file: string, text: string): void {
  attempt(file, () => {
    const stat = statOf(file);
    if (stat !== undefined && !stat.isFile()) return writeFileSync(file, text);
    const path = stat === undefined ? file : realpathSync(file);
    const temporary = `${path}.${newId()}`;
    try {
      writeFileSync(temporary, text, { flag: "wx", mode: stat?.mode ?? 0o666 });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

function attempt(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw cannotWrite(`"${file}"`, error);
  }
}
