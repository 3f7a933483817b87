import { lstatSync, renameSync, rmSync, unlinkSync } from "node:fs";
import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { type ByteString, systemPath, toText } from "./byte-string.ts";
import type { Destination } from "./destination.ts";
import type { Directory, DirectoryHandles } from "./directory-handles.ts";
import { errorCode } from "./file-error.ts";

/** An entry under a name of its own until it is complete. Errors of node:fs pass through. */
export class NewEntry {
  readonly #handles: DirectoryHandles;
  readonly #directory: Directory;
  readonly #path: ByteString;
  readonly #name: ByteString;
  readonly #temporary: ByteString;

  /** `path` is the entry's, from the root; `temporary` a name that nothing has. */
  constructor(
    handles: DirectoryHandles,
    directory: Directory,
    { path, name, temporary }: { readonly path: ByteString; readonly name: ByteString; readonly temporary: ByteString },
  ) {
    this.#handles = handles;
    this.#directory = directory;
    this.#path = path;
    this.#name = name;
    this.#temporary = temporary;
  }

  /** Where it is now; until the next call for any entry. */
  get path(): ByteString {
    return `${this.#handles.path(this.#directory)}/${this.#temporary}`;
  }

  /** Gives the entry its name, in place of what has it. */
  settle(destination: Destination): void {
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
