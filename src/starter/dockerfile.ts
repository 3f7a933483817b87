import type { Folder } from "./folder.ts";
import { head, imageCommands, joinParts } from "./script-text.ts";
import type { Recipe, Starter } from "./starter.ts";

/** A script that builds what a Dockerfile builds. */
export interface ConvertedDockerfile {
  /** Undefined for what is no Dockerfile. */
  readonly script: string | undefined;
  /** What could not be said in Lua, and why. */
  readonly remarks: readonly string[];
}

export type ConvertDockerfile = (text: string, name: string) => ConvertedDockerfile;

const files = ["Dockerfile", "Containerfile"];

/** A script for a folder with a Dockerfile. What cannot be converted is handed to the daemon's own frontend. */
export function dockerfile(convert: ConvertDockerfile): Recipe {
  return {
    kind: "dockerfile",
    files,
    make(folder) {
      const name = files.find((each) => folder.has(each));
      const converted =
        name === undefined ? { script: undefined, remarks: ["there is none"] } : convert(folder.read(name) ?? "", name);
      return { ...describe(folder, name ?? "Dockerfile", converted), ignored: ["/out"], commands: commandsOf(folder) };
    },
  };
}

function describe(
  folder: Folder,
  name: string,
  { script, remarks }: ConvertedDockerfile,
): Pick<Starter, "saw" | "script"> {
  if (script === undefined) {
    const saw = [`${name}: the script has the daemon build it (${remarks.join("; ")})`];
    return { saw, script: renderCall(folder, name) };
  }
  return { saw: [`${name}: converted to Lua`, ...remarks.map((remark) => `not converted: ${remark}`)], script };
}

function commandsOf(folder: Folder) {
  return imageCommands(folder.name);
}

function renderCall(folder: Folder, name: string): string {
  const options = name === "Dockerfile" ? "" : `{ filename = "${name}" }`;
  return joinParts([
    head(`What ${name} builds; steps in Lua can follow.`, commandsOf(folder)),
    `local image = bk.dockerfile(${options})`,
    "bk.export(image)",
  ]);
}
