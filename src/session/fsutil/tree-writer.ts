import { linkSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { errorCode } from "../../diagnostic/system-error.ts";
import { type ByteString, systemPath, toByteString, toText } from "./byte-string.ts";
import { applyMetadata, type Destination } from "./destination.ts";
import { type Directory, DirectoryHandles, itself } from "./directory-handles.ts";
import { EntryOrder } from "./entry-order.ts";
import { fileError } from "./file-error.ts";
import { carriesData, fileMode, isDirectory, isSymlink, toPermissions } from "./file-mode.ts";
import { baseName, parentPath } from "./go-path.ts";
import { NewEntry } from "./new-entry.ts";
import { PathList } from "./path-list.ts";
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
  /** Files that have data, and how many of them were opened: they are in the order of the list. */
  readonly #files = new PathList();
  #opened = 0;
  /** Those of them that are not complete. */
  readonly #open = new Set<ByteString>();
  /** What else hard links may point to, each with the path that it is a link to itself, or with its own. */
  readonly #others = new Map<ByteString, ByteString>();
  /** Links that wait for a file to be complete, by its path. */
  readonly #links = new Map<ByteString, (() => void)[]>();
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

  /** Writes an entry. True for a file that has data: it is to be opened, and nothing is written until then. */
  add(stat: Stat): boolean {
    this.#order.check(stat.path, isDirectory(stat.mode));
    const parent = this.#parentOf(stat.path);
    const name = baseName(stat.path);
    parent.names?.add(name);
    return this.#guard(stat.path, () => this.#write(stat, parent, name));
  }

  /** Gives what takes the data of a file. Files are opened in the order in which they were added. */
  open(stat: Stat): ReceivedFile {
    const entry = this.#newEntry(stat.path, this.#parentOf(stat.path), baseName(stat.path));
    this.#opened++;
    this.#open.add(stat.path);
    return new ReceivedFile(stat, entry, this.#destination);
  }

  /** All data of a file are there. */
  complete(file: ReceivedFile): void {
    const { path } = file.stat;
    file.complete();
    this.#open.delete(path);
    for (const link of this.#links.get(path) ?? []) link();
    this.#links.delete(path);
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

  #parentOf(path: ByteString): SentDirectory {
    const parent = this.#directories.get(parentKey(path));
    if (parent === undefined) throw new LuakitError("file.transfer", "the daemon sends an entry without its directory");
    return parent;
  }

  #guard<T>(path: ByteString, write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw fileError("file.write", "write", `${toByteString(this.#destination.path)}/${path}`, error);
    }
  }

  #write(stat: Stat, parent: SentDirectory, name: ByteString): boolean {
    if (isDirectory(stat.mode)) {
      this.#makeDirectory(stat, parent, name);
      return false;
    }
    if (carriesData(stat.mode) && stat.linkname === "") {
      this.#files.add(stat.path);
      return true;
    }
    const entry = this.#newEntry(stat.path, parent, name);
    if (isSymlink(stat.mode))
      this.#create(entry, stat, (path) => symlinkSync(systemPath(stat.linkname), systemPath(path)));
    else if ((stat.mode & (fileMode.device | fileMode.namedPipe)) !== 0) this.#makeNode(entry, stat);
    else if (!carriesData(stat.mode))
      throw new LuakitError("file.transfer", `${toText(stat.path)} is of an unknown kind`);
    else this.#link(entry, stat);
    return false;
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
    this.#others.set(stat.path, stat.path);
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
    const first = this.#others.get(stat.linkname) ?? stat.linkname;
    const file = this.#files.find(first);
    if (file === undefined && !this.#others.has(first)) {
      throw new LuakitError("file.transfer", `the daemon sends ${toText(stat.path)} as a link to what it did not send`);
    }
    this.#others.set(stat.path, first);
    const directory = this.#parentOf(stat.linkname);
    const link = () => {
      const from = `${this.#handles.path(directory)}/${baseName(stat.linkname)}`;
      entry.create((path) => linkSync(systemPath(from), systemPath(path)));
      entry.settle(this.#destination);
    };
    if (file === undefined || (file < this.#opened && !this.#open.has(first))) link();
    else this.#whenComplete(first, () => this.#guard(stat.path, link));
  }

  #whenComplete(path: ByteString, link: () => void): void {
    const waiting = this.#links.get(path);
    if (waiting === undefined) this.#links.set(path, [link]);
    else waiting.push(link);
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
