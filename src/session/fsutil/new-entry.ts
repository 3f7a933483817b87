import { lstatSync, renameSync, rmSync, unlinkSync } from "node:fs";
import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { errorCode } from "../../diagnostic/system-error.ts";
import { type ByteString, systemPath, toText } from "./byte-string.ts";
import type { Destination } from "./destination.ts";
import type { Directory, DirectoryHandles } from "./directory-handles.ts";
import type { MadeEntries } from "./made-entries.ts";

/**
 * An entry that is made under its name or, where something has that, beside it until it is complete. Errors of node:fs
 * pass through.
 */
export class NewEntry {
  readonly #handles: DirectoryHandles;
  readonly #directory: Directory;
  readonly #path: ByteString;
  readonly #name: ByteString;
  readonly #temporary: ByteString;
  readonly #made: MadeEntries;
  #isBeside = false;

  /** `path` is the entry's, from the root; `temporary` a name that nothing has. */
  constructor(
    handles: DirectoryHandles,
    directory: Directory,
    { path, name, temporary }: { readonly path: ByteString; readonly name: ByteString; readonly temporary: ByteString },
    made: MadeEntries,
  ) {
    this.#handles = handles;
    this.#directory = directory;
    this.#path = path;
    this.#name = name;
    this.#temporary = temporary;
    this.#made = made;
  }

  /** Where it is now; until the next call for any entry. */
  get path(): ByteString {
    return `${this.#handles.path(this.#directory)}/${this.#isBeside ? this.#temporary : this.#name}`;
  }

  /** Makes way for what is there, for a `make` that cannot tell. */
  stepAside(): void {
    this.#isBeside ||= lstatSync(systemPath(this.path), { throwIfNoEntry: false }) !== undefined;
  }

  /** Makes it; `make` must fail with EEXIST when there is something at the path that it is given. */
  create<T>(make: (path: ByteString) => T): T {
    try {
      const result = make(this.path);
      if (!this.#isBeside) this.#made.add(this.#directory, this.#name);
      return result;
    } catch (error) {
      if (this.#isBeside || errorCode(error) !== "EEXIST") throw error;
      this.#isBeside = true;
      return make(this.path);
    }
  }

  /** It is complete: it takes the place of what has its name. */
  settle(destination: Destination): void {
    if (!this.#isBeside) return;
    const directory = this.#handles.path(this.#directory);
    const [from, to] = [systemPath(`${directory}/${this.#temporary}`), systemPath(`${directory}/${this.#name}`)];
    try {
      renameSync(from, to);
    } catch (error) {
      if (!["EISDIR", "ENOTEMPTY", "EEXIST"].includes(errorCode(error)) || !lstatSync(to).isDirectory()) throw error;
      if (destination.directories.has(this.#path)) {
        throw new LuakitError(
          "file.transfer",
          `the build has ${toText(this.#path)} as a directory and as something else`,
        );
      }
      rmSync(to, { recursive: true });
      renameSync(from, to);
    }
  }

  /** Removes what is there of it. */
  drop(): void {
    try {
      unlinkSync(systemPath(this.path));
    } catch {
      // What led here is what people must hear of.
    }
  }
}
