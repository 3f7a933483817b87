import type { Folder } from "./folder.ts";

/** What of a package.json says how it is built. */
export interface Package {
  readonly name: string | undefined;
  readonly main: string | undefined;
  readonly scripts: Readonly<Record<string, string>>;
  readonly engine: string | undefined;
  /** `pnpm@10.2.0`. */
  readonly manager: string | undefined;
  readonly workspaces: readonly string[];
}

/** The package.json of a folder; what it does not say, or not as it should, is absent. */
export function readPackage(folder: Folder): Package {
  const content = parse(folder.read("package.json") ?? "{}");
  const workspaces = isRecord(content.workspaces) ? content.workspaces.packages : content.workspaces;
  return {
    name: text(content.name),
    main: text(content.main),
    scripts: texts(content.scripts),
    engine: texts(content.engines).node,
    manager: text(content.packageManager),
    workspaces: Array.isArray(workspaces) ? workspaces.filter((each) => typeof each === "string") : [],
  };
}

function parse(source: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(source);
    return isRecord(content) ? content : {};
  } catch {
    // npm will say what is wrong with it; a script can be written all the same.
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function texts(value: unknown): Record<string, string> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
