import type { Folder } from "./folder.ts";

export const starterKinds = ["go", "node", "python", "rust", "dockerfile", "plain"] as const;

export type StarterKind = (typeof starterKinds)[number];

/** What is written for a folder. */
export interface Starter {
  /** What was found, one thing a line: `go.mod: Go 1.25`. */
  readonly saw: readonly string[];
  readonly script: string;
  /** Patterns of the ignore file, beside those that every kind has. */
  readonly ignored: readonly string[];
  /** What builds it, for people to type. */
  readonly commands: readonly StarterCommand[];
}

export interface StarterCommand {
  readonly command: string;
  readonly doc: string;
}

/** How folders of one kind are recognised, and what they get. */
export interface Recipe {
  readonly kind: StarterKind;
  /** The files that speak for this kind; any of them is enough. */
  readonly files: readonly string[];
  make(folder: Folder): Starter;
}

/** The files of a recipe that are there. */
export function foundFiles({ files }: Recipe, folder: Folder): readonly string[] {
  return files.filter((name) => folder.has(name));
}
