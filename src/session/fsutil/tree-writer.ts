import { linkSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { type ByteString, systemPath, toByteString, toText } from "./byte-string.ts";
import { applyMetadata, type Destination } from "./destination.ts";
import { type Directory, DirectoryHandles, itself } from "./directory-handles.ts";
import { EntryOrder } from "./entry-order.ts";
import { errorCode, fileError } from "./file-error.ts";
import { carriesData, fileMode, isDirectory, isSymlink, toPermissions } from "./file-mode.ts";
import { baseName, parentPath } from "./go-path.ts";
import { NewEntry } from "./new-entry.ts";
import { ReceivedFile } from "./received-file.ts";
import type { Stat } from "./stat.ts";

interface SentDirectory extends Directory {
  /** Undefined for the root, which stays as it is. */
  readonly stat: Stat | undefined;
  /** What was sent of it; only where the rest is to go. */
  readonly names: Set<ByteString> | undefined;
}

const newDirectoryMode = 0o700;

/**
 * Writes a tree below a directory, whatever its paths say. Entries come as the protocol has them: {@link EntryOrder}.
 * Errors are "file.transfer" for a list that breaks the rules and "file.write" for the rest.
 */
export class TreeWriter {
  readonly #destination: Destination;
  readonly #handles: DirectoryHandles;
  readonly #order = new EntryOrder();
  readonly #directories = new Map<ByteString, SentDirectory>();
  /** What hard links may point to; undefined when it is complete. */
  readonly #files = new Map<ByteString, ReceivedFile | undefined>();
  /** In the names of entries that are not complete. */
  readonly #mark = crypto.randomUUID().slice(0, 8);
  #count = 0;

  constructor(destination: Destination) {
    this.#destination = destination;
    try {
      this.#handles = new DirectoryHandles(destination.path);
    } catch (error) {
      throw fileError("file.write", "write to the directory", toByteString(destination.path), error);
    }
    const { firstMade } = this.#handles;
    if (firstMade !== undefined) destination.made.addRoot(firstMade);
    this.#directories.set("", this.#sentDirectory("", undefined, undefined, firstMade !== undefined));
  }

  /** Writes an entry; of a file that has data comes back what takes them. */
  add(stat: Stat): ReceivedFile | undefined {
    this.#order.check(stat.path, isDirectory(stat.mode));
    const parent = this.#directories.get(parentKey(stat.path));
    if (parent === undefined) throw new LuakitError("file.transfer", "the daemon sends an entry without its directory");
    const name = baseName(stat.path);
    parent.names?.add(name);
    return this.#guard(stat.path, () => this.#write(stat, parent, name));
  }

  /** All data of a file that `add()` gave are there. */
  complete(file: ReceivedFile): void {
    file.complete();
    this.#files.set(file.stat.path, undefined);
  }

  /** All files are complete: removes what is to go and gives the directories their metadata, the innermost first. */
  finish(): void {
    for (const [path, directory] of [...this.#directories].reverse()) {
      this.#guard(path, () => this.#finishDirectory(directory));
    }
    this.close();
  }

  close(): void {
    this.#handles.close();
  }

  #guard<T>(path: ByteString, write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw fileError("file.write", "write", `${toByteString(this.#destination.path)}/${path}`, error);
    }
  }

  #write(stat: Stat, parent: SentDirectory, name: ByteString): ReceivedFile | undefined {
    if (isDirectory(stat.mode)) {
      this.#makeDirectory(stat, parent, name);
      return undefined;
    }
    const entry = this.#newEntry(stat.path, parent, name);
    if (isSymlink(stat.mode))
      this.#create(entry, stat, (path) => symlinkSync(systemPath(stat.linkname), systemPath(path)));
    else if ((stat.mode & (fileMode.device | fileMode.namedPipe)) !== 0) this.#makeNode(entry, stat);
    else if (!carriesData(stat.mode))
      throw new LuakitError("file.transfer", `${toText(stat.path)} is of an unknown kind`);
    else if (stat.linkname !== "") this.#link(entry, stat);
    else return this.#receive(entry, stat);
    return undefined;
  }

  #receive(entry: NewEntry, stat: Stat): ReceivedFile {
    const file = new ReceivedFile(stat, entry, this.#destination);
    this.#files.set(stat.path, file);
    return file;
  }

  #makeDirectory(stat: Stat, parent: SentDirectory, name: ByteString): void {
    const path = systemPath(`${this.#handles.path(parent)}/${name}`);
    const isNew = lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true;
    if (isNew) {
      try {
        mkdirSync(path, { mode: newDirectoryMode });
      } catch (error) {
        if (errorCode(error) !== "EEXIST") throw error;
        unlinkSync(path);
        mkdirSync(path, { mode: newDirectoryMode });
      }
      this.#destination.made.add(parent, name);
    }
    this.#destination.directories.add(stat.path);
    this.#directories.set(stat.path, this.#sentDirectory(name, parent, stat, isNew));
  }

  #sentDirectory(
    name: ByteString,
    parent: SentDirectory | undefined,
    stat: Stat | undefined,
    isNew: boolean,
  ): SentDirectory {
    return { name, parent, isNew, stat, names: this.#destination.mode === "delete" ? new Set() : undefined };
  }

  /** A device or a fifo; most users may not make devices. */
  #makeNode(entry: NewEntry, stat: Stat): void {
    this.#files.set(stat.path, undefined);
    const isFifo = (stat.mode & fileMode.namedPipe) !== 0;
    const isCharacter = (stat.mode & fileMode.characterDevice) !== 0;
    const type = isFifo ? 0o010000 : isCharacter ? 0o020000 : 0o060000;
    const { libc } = this.#destination;
    entry.stepAside();
    this.#create(entry, stat, (path) => {
      if (libc?.makeNode(path, type | toPermissions(stat.mode), stat.devmajor, stat.devminor) === true) return;
      const what = isFifo ? "fifo" : "device";
      throw new LuakitError("file.write", `cannot make the ${what} ${this.#destination.path}/${toText(stat.path)}`, {
        hint: isFifo ? undefined : "only root can make devices",
      });
    });
  }

  #link(entry: NewEntry, stat: Stat): void {
    const target = this.#files.get(stat.linkname);
    if (target === undefined && !this.#files.has(stat.linkname)) {
      throw new LuakitError("file.transfer", `the daemon sends ${toText(stat.path)} as a link to what it did not send`);
    }
    const directory = this.#directories.get(parentKey(stat.linkname));
    const link = () => {
      if (directory === undefined) return;
      const from = `${this.#handles.path(directory)}/${baseName(stat.linkname)}`;
      entry.create((path) => linkSync(systemPath(from), systemPath(path)));
      entry.settle(this.#destination);
    };
    this.#files.set(stat.path, target);
    if (target === undefined) link();
    else target.whenComplete(() => this.#guard(stat.path, link));
  }

  #finishDirectory(directory: SentDirectory): void {
    const path = this.#handles.path(directory);
    if (directory.names !== undefined) {
      for (const name of readdirSync(systemPath(path), "latin1")) {
        if (!directory.names.has(name)) rmSync(systemPath(`${path}/${name}`), { recursive: true, force: true });
      }
    }
    if (directory.stat !== undefined) applyMetadata(itself(path), directory.stat, this.#destination);
  }

  #newEntry(path: ByteString, directory: Directory, name: ByteString): NewEntry {
    const temporary = `.luakit-${this.#mark}-${this.#count++}`;
    return new NewEntry(this.#handles, directory, { path, name, temporary }, this.#destination.made);
  }

  #create(entry: NewEntry, stat: Stat, make: (path: ByteString) => void): void {
    entry.create(make);
    try {
      applyMetadata(entry.path, stat, this.#destination);
      entry.settle(this.#destination);
    } catch (error) {
      entry.drop();
      throw error;
    }
  }
}

function parentKey(path: ByteString): ByteString {
  const parent = parentPath(path);
  return parent === "." ? "" : parent;
}
