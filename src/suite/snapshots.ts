import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { cannotRead, cannotWrite } from "../diagnostic/system-error.ts";
import type { SnapshotCount } from "./message.ts";

export interface SnapshotOptions {
  /** The test file. */
  readonly path: string;
  readonly update: boolean;
  /** What is missing is not written. */
  readonly ci: boolean;
}

/** What tests of a file are compared with, in a file beside it that people read. */
export class Snapshots {
  readonly #options: SnapshotOptions;
  readonly #path: string;
  readonly #known: Map<string, string>;
  readonly #asked = new Map<string, Set<string>>();
  #added = 0;
  #updated = 0;
  #isSaved = true;

  constructor(options: SnapshotOptions) {
    this.#options = options;
    this.#path = options.path.replace(/\.lua$/, ".snap");
    this.#known = readSnapshots(this.#path);
  }

  /** Compares; gives what was expected when that is something else. */
  check(test: string, name: string, text: string): { readonly text: string } | "missing" | undefined {
    const key = name.replaceAll("\n", " ");
    const there = ended(text);
    const asked = this.#asked.get(test) ?? new Set();
    this.#asked.set(test, asked.add(key));
    const known = this.#known.get(key);
    if (known === there) return undefined;
    if (known === undefined && this.#options.ci && !this.#options.update) return "missing";
    if (known !== undefined && !this.#options.update) return { text: known };
    if (known === undefined) this.#added++;
    else this.#updated++;
    this.#known.set(key, there);
    this.#isSaved = false;
    return undefined;
  }

  /** Writes what is new. Throws "file.write". */
  save(): void {
    if (this.#isSaved) return;
    this.#isSaved = true;
    this.#write();
  }

  get count(): SnapshotCount {
    return { added: this.#added, updated: this.#updated, removed: 0, obsolete: [] };
  }

  /**
   * Ends the file. `passed` are the tests that ran to their end and `declared` all of the file: what they do not
   * ask for is obsolete, and is removed with `--update`.
   */
  finish(passed: ReadonlySet<string>, declared: ReadonlySet<string>): SnapshotCount {
    const obsolete = [...this.#known.keys()].filter((key) => !this.#isWanted(key, passed, declared));
    const removed = this.#options.update ? obsolete : [];
    for (const key of removed) this.#known.delete(key);
    if (removed.length > 0) this.#write();
    return { ...this.count, removed: removed.length, obsolete: this.#options.update ? [] : obsolete };
  }

  #isWanted(key: string, passed: ReadonlySet<string>, declared: ReadonlySet<string>): boolean {
    const owners = [...declared].filter((test) => key.startsWith(`${test} `));
    // A name may begin as another one does: it is enough that one of them may want it.
    return owners.some((test) => !passed.has(test) || this.#asked.get(test)?.has(key) === true);
  }

  #replace(): void {
    if (this.#known.size === 0) {
      rmSync(this.#path, { force: true });
      return;
    }
    const text = formatSnapshots(basename(this.#options.path), this.#known);
    writeFileSync(`${this.#path}.new`, text);
    renameSync(`${this.#path}.new`, this.#path);
  }

  #write(): void {
    try {
      this.#replace();
    } catch (error) {
      throw cannotWrite(`the snapshots ${this.#path}`, error);
    }
  }
}

function readSnapshots(path: string): Map<string, string> {
  if (!existsSync(path)) return new Map();
  try {
    return parseSnapshots(readFileSync(path, "utf8"));
  } catch (error) {
    throw cannotRead(`the snapshots ${path}`, error);
  }
}

function ended(text: string): string {
  return text.replace(/\n*$/, "\n");
}

const indent = "  ";

/** Snapshots by name; each is a line with the name, and the text below it, indented. */
export function parseSnapshots(text: string): Map<string, string> {
  const snapshots = new Map<string, string>();
  let name: string | undefined;
  let lines: string[] = [];
  const keep = () => {
    while (lines.at(-1) === "") lines.pop();
    if (name !== undefined) snapshots.set(name, `${lines.join("\n")}\n`);
  };
  for (const line of text.split("\n")) {
    const [, found] = /^= (.*)$/.exec(line) ?? [];
    if (found === undefined) {
      if (!line.startsWith("#")) lines.push(line.startsWith(indent) ? line.slice(indent.length) : line);
      continue;
    }
    keep();
    name = found;
    lines = [];
  }
  keep();
  return snapshots;
}

function formatSnapshots(file: string, snapshots: ReadonlyMap<string, string>): string {
  const blocks = [...snapshots]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, text]) => {
      const lines = text.trimEnd().split("\n");
      return `= ${name}\n${lines.map((line) => (line === "" ? "" : `${indent}${line}`)).join("\n")}\n`;
    });
  return [`# What ${file} expects; luakit test --update writes it anew.\n`, ...blocks].join("\n");
}
