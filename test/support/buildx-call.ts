import { type Files, inDirectory, writeFiles } from "./build.ts";
import { type ClientResult, withBuildx } from "./client.ts";
import { testbed } from "./testbed.ts";

/** What `docker buildx build --call` is asked. */
export interface BuildxCall {
  /** The build's directory. */
  readonly files: Files;
  /** The build file in it. */
  readonly file: string;
  readonly method: string;
  readonly format?: "json";
  /** The frontend's image; without it that of the file's first line, or BuildKit's own. */
  readonly syntax?: string;
  readonly flags?: readonly string[];
  /** Another daemon than the newest one. */
  readonly addr?: string;
}

/** Runs `buildx build --call` with the remote driver. */
export function callBuildx(options: BuildxCall): Promise<ClientResult> {
  const { files, file, method, format, syntax, flags = [], addr = testbed().addr } = options;
  return inDirectory((directory) => {
    writeFiles(directory, files);
    const call = format === undefined ? method : `${method},format=${format}`;
    const given = syntax === undefined ? [] : [`--build-arg=BUILDKIT_SYNTAX=${syntax}`];
    const words = ["build", "--progress=plain", `--call=${call}`, `--file=${file}`, ...given, ...flags];
    return withBuildx(addr, (buildx) => buildx(...words, "."), directory);
  });
}
