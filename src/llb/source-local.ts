import { checkText, invalid } from "./invalid.ts";
import type { Context } from "./location.ts";
import { sourceState } from "./source.ts";
import type { State } from "./state.ts";

export interface LocalOptions {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Paths whose symlinks' targets are transferred too. */
  readonly followPaths?: readonly string[] | undefined;
  /** Part of the key under which the daemon keeps what it received. */
  readonly sharedKeyHint?: string | undefined;
  /** `none` transfers everything again; `prefer-none` does so where the daemon knows how to. */
  readonly differ?: "metadata" | "none" | "prefer-none" | undefined;
  /** The session that has the directory. Default: any of the build. */
  readonly sessionId?: string | undefined;
  /** Names, sizes and modes in one file, `.fsutil-metadata`; a list names the paths that come as files too. */
  readonly metadataOnly?: boolean | readonly string[] | undefined;
}

/** A directory of the client, by the name that it was given on the command line. */
export function local(name: string, options: LocalOptions, context: Context): State {
  if (name === "") throw invalid("a local source needs a name", 'write bk.local_("context")');
  checkText("the name of a local source", name);
  const attributes = new Map<string, string>();
  const caps = new Set(["source.local"]);
  const set = (attribute: string, value: string | undefined, cap: string) => {
    if (value === undefined) return;
    attributes.set(attribute, value);
    caps.add(cap);
  };
  set("local.includepattern", patterns("include", options.include), "source.local.includepatterns");
  set("local.excludepatterns", patterns("exclude", options.exclude), "source.local.excludepatterns");
  set("local.followpaths", patterns("follow_paths", options.followPaths), "source.local.followpaths");
  set("local.sharedkeyhint", options.sharedKeyHint || undefined, "source.local.sharedkeyhint");
  set("local.session", options.sessionId, "source.local.sessionid");
  if (options.differ === "prefer-none") attributes.set("local.differ", "none");
  else set("local.differ", options.differ, "source.local.differ");
  const metadataOnly = options.metadataOnly ?? false;
  if (metadataOnly !== false) {
    set("local.metadatatransfer", "true", "source.local.metadatatransfer");
    const kept = metadataOnly === true ? undefined : patterns("metadata_only", metadataOnly);
    set("local.metadatatransferexclude", kept, "source.local.metadatatransfer");
  }
  return sourceState({ identifier: `local://${name}`, attributes, caps }, context);
}

function patterns(option: string, list: readonly string[] | undefined): string | undefined {
  if (list === undefined || list.length === 0) return undefined;
  for (const pattern of list) {
    checkText(option, pattern);
    if (pattern === "") throw invalid(`${option}: a pattern is empty`);
  }
  // Go escapes these for HTML, and its bytes are what a digest is made of.
  return JSON.stringify(list).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
