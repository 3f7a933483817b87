import { relative } from "node:path";
import type { BuildRequest } from "../client/build-request.ts";
import type { Built } from "../progress/summary.ts";

/** What a build made, for its summary: images with their digest, files and archives. */
export function describeBuilt(
  { outputs }: BuildRequest,
  response: Readonly<Record<string, string>>,
  cwd: string,
): readonly Built[] {
  const built: Built[] = [];
  const images = new Set<string>();
  for (const { type, attributes, destination } of outputs) {
    const names = attributes.get("name")?.split(",") ?? [];
    for (const name of names) images.add(name);
    if ("path" in destination) {
      const label =
        destination.kind === "file" ? `${type} archive` : destination.kind === "layout" ? "layout" : "files";
      built.push([label, shorten(destination.path, cwd)]);
    } else if (destination.kind === "load") built.push(["loaded", names.join(", ") || "an image without a name"]);
  }
  const digest = response["containerimage.digest"];
  return [
    ...[...images].map((name): Built => ["image", name]),
    ...(digest === undefined ? [] : [["digest", digest] satisfies Built]),
    ...built,
  ];
}

/** The page of `--report`, as a line of the summary. */
export function describeReport({ files: { report } }: BuildRequest, cwd: string): readonly Built[] {
  return report === undefined ? [] : [["report", shorten(report, cwd)]];
}

function shorten(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}
