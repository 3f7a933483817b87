import type { Folder } from "./folder.ts";
import { head, imageCommands, joinParts } from "./script-text.ts";
import type { Recipe } from "./starter.ts";

/** The Lua source that builds what a Dockerfile builds, or undefined when it cannot be said in Lua. */
export type ConvertDockerfile = (dockerfile: string) => string | undefined;

const files = ["Dockerfile", "Containerfile"];

/** A script for a folder with a Dockerfile; without `convert` it hands the file to the daemon's own frontend. */
export function dockerfile(convert: ConvertDockerfile): Recipe {
  return {
    kind: "dockerfile",
    files,
    make(folder) {
      const name = files.find((each) => folder.has(each)) ?? "Dockerfile";
      const converted = convert(folder.read(name) ?? "");
      return {
        saw: [converted === undefined ? `${name}: the script has the daemon build it` : `${name}: converted`],
        script: converted ?? calling(folder, name),
        ignored: ["/out"],
        commands: imageCommands(folder.name),
      };
    },
  };
}

function calling(folder: Folder, name: string): string {
  const options = name === "Dockerfile" ? "" : `{ filename = "${name}" }`;
  return joinParts([
    head(`What ${name} builds; steps in Lua can follow.`, imageCommands(folder.name)),
    `local image = bk.dockerfile(${options})`,
    "bk.export(image)",
  ]);
}
