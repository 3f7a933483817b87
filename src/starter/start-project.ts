import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { cannotWrite, errorCode } from "../diagnostic/system-error.ts";
import { type ConvertDockerfile, dockerfile } from "./dockerfile.ts";
import { definitionsFile, type EditorSettings, renderEditorSettings } from "./editor-files.ts";
import { openFolder } from "./folder.ts";
import { go } from "./go.ts";
import { node } from "./node.ts";
import { plain } from "./plain.ts";
import { python } from "./python.ts";
import { rust } from "./rust.ts";
import { foundFiles, type Recipe, type StarterCommand, type StarterKind } from "./starter.ts";

export interface StartOptions extends EditorSettings {
  /** What the folder is taken for. Default: what its files say. */
  readonly kind?: StarterKind | undefined;
  readonly definitions: string;
  readonly convert: ConvertDockerfile;
  /** Lays the script out. */
  readonly format: (script: string) => string;
}

export interface StartResult {
  readonly kind: StarterKind;
  readonly saw: readonly string[];
  /** Kinds that its files speak for too, each with the file. */
  readonly others: readonly { readonly kind: StarterKind; readonly file: string }[];
  readonly wrote: readonly string[];
  /** What was there already and stays as it is. */
  readonly kept: readonly string[];
  readonly commands: readonly StarterCommand[];
}

/** What no build needs. Secrets that are kept in files must not get into an image by accident. */
const ignoredAlways = [
  ".git",
  ".luakit",
  ".luarc.json",
  "build.lua",
  ".env",
  ".env.local",
  ".env.*.local",
  ".DS_Store",
];

/** Writes a script, an ignore file and editor files into a directory; files that are there stay as they are. */
export function startProject(directory: string, options: StartOptions): StartResult {
  makeDirectory(directory);
  const folder = openFolder(directory);
  const recipes: readonly Recipe[] = [go, rust, node, python, dockerfile(options.convert), plain];
  const fitting = recipes.filter((recipe) => foundFiles(recipe, folder).length > 0);
  const recipe = recipes.find(({ kind }) => kind === options.kind) ?? fitting[0] ?? plain;
  const { saw, script, ignored, commands } = recipe.make(folder);
  const files = {
    "build.lua": options.format(script),
    ".dockerignore": `${[...ignoredAlways, ...ignored].join("\n")}\n`,
    ".luarc.json": renderEditorSettings(options),
    [definitionsFile]: options.definitions,
  };
  const names = Object.keys(files);
  const wrote = Object.entries(files)
    .filter(([name, text]) => writeNew(directory, name, text))
    .map(([name]) => name);
  return {
    kind: recipe.kind,
    saw,
    others: fitting
      .filter((each) => each !== recipe)
      .map((each) => ({ kind: each.kind, file: foundFiles(each, folder)[0] ?? "" })),
    wrote,
    kept: names.filter((name) => !wrote.includes(name)),
    commands,
  };
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    if (isFile(directory)) throw new LuakitError("usage", `"${directory}" is a file, not a directory`);
    throw cannotWrite(`"${directory}"`, error);
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false; // Nothing is there, or nothing that may be looked at.
  }
}

/** False when there is something of that name, whatever it is. */
function writeNew(directory: string, name: string, text: string): boolean {
  const path = join(directory, name);
  makeDirectory(dirname(path));
  try {
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw cannotWrite(name, error);
  }
}
