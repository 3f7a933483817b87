import { chmodSync, closeSync, constants, openSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { type ByteString, systemPath, toByteString } from "./byte-string.ts";
import { type Directory, DirectoryHandles, descriptorPath, pathOnly } from "./directory-handles.ts";

interface MadeEntry {
  readonly directory: Directory;
  readonly name: ByteString;
}

const ownerRights = 0o700;

/** What an output has made where nothing was, so that it can be taken back when the build fails. */
export class MadeEntries {
  readonly #root: string;
  #entries: MadeEntry[] = [];
  #first: string | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** The root was made too; `first` is the outermost of the directories that were. */
  addRoot(first: string): void {
    this.#first = first;
  }

  /** What lies in a directory that was made need not be told. */
  add(directory: Directory, name: ByteString): void {
    if (!directory.isNew) this.#entries.push({ directory, name });
  }

  /** Removes everything, as far as that is possible. */
  remove(): void {
    const entries = this.#entries;
    this.#entries = [];
    if (this.#first !== undefined) this.#removeRoot(this.#first);
    else if (entries.length > 0) this.#removeEntries(entries);
    this.#first = undefined;
  }

  #removeRoot(first: string): void {
    removeTree(toByteString(this.#root));
    for (let path = this.#root; path !== first && path !== dirname(path); ) {
      path = dirname(path);
      attempt(() => rmdirSync(path));
    }
  }

  #removeEntries(entries: readonly MadeEntry[]): void {
    attempt(() => {
      const handles = new DirectoryHandles(this.#root);
      for (const { directory, name } of entries.toReversed()) {
        attempt(() => removeTree(`${handles.path(directory)}/${name}`));
      }
      handles.close();
    });
  }
}

function removeTree(path: ByteString): void {
  const remove = () => rmSync(systemPath(path), { recursive: true, force: true });
  try {
    remove();
  } catch {
    // What was sent may have modes that shut us out.
    attempt(() => openUp(path));
    attempt(remove);
  }
}

function openUp(path: ByteString): void {
  const fd = openSync(systemPath(path), pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    openEntries(descriptorPath(fd));
  } finally {
    closeSync(fd);
  }
}

function openEntries(path: ByteString): void {
  chmodSync(systemPath(path), ownerRights);
  for (const entry of readdirSync(systemPath(path), { encoding: "latin1", withFileTypes: true })) {
    if (entry.isDirectory()) openUp(`${path}/${entry.name}`);
  }
}

/** What cannot be removed stays: the error that led here is the one to tell of. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {}
}
