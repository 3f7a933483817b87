import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { type ByteString, toText } from "./byte-string.ts";
import { baseName, parentPath } from "./go-path.ts";

/** An empty part, `.` or `..`: also what every absolute and every unclean path has. */
const badPart = /(?:^|\/)\.{0,2}(?:\/|$)/;
/** What Windows takes as a separator, as a drive or a stream of a file, or drops at the end; and its devices. */
const badOnWindows = /[\\:]|[. ](?:\/|$)|(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^/]*)?(?:\/|$)/i;

/**
 * The rules for the paths of a list, which are what keeps a receiver inside of its directory: relative and clean, depth
 * first, names in byte order, every parent sent before as a directory. Breaking one throws "file.transfer".
 */
export class EntryOrder {
  readonly #levels: { readonly path: ByteString; last: ByteString }[] = [{ path: "", last: "" }];

  readonly #isWindows: boolean;

  constructor(platform: NodeJS.Platform = process.platform) {
    this.#isWindows = platform === "win32";
  }

  check(path: ByteString, directory: boolean): void {
    if (badPart.test(path) || path.includes("\0")) throw bad("a malformed path", path);
    if (this.#isWindows && badOnWindows.test(path)) throw bad("a path that Windows cannot have", path);
    const [parent, name] = [parentPath(path), baseName(path)];
    const level = this.#returnTo(parent === "." ? "" : parent);
    if (level === undefined) throw bad("a path whose directory it did not send", path);
    if (name <= level.last) throw bad("a path out of order", path);
    level.last = name;
    if (directory) this.#levels.push({ path, last: "" });
  }

  #returnTo(path: ByteString): { last: ByteString } | undefined {
    let level = this.#levels.at(-1);
    while (level !== undefined && level.path !== path) {
      this.#levels.pop();
      level = this.#levels.at(-1);
    }
    return level;
  }
}

function bad(what: string, path: ByteString): LuakitError {
  return new LuakitError("file.transfer", `the daemon sends ${what}: ${JSON.stringify(toText(path))}`);
}
