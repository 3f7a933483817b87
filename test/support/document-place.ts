import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { luakit } from "./build.ts";
import { furnishings, type SharedDaemon } from "./document-furnishing.ts";
import { gatewayImage } from "./gateway-image.ts";
import { testbed } from "./testbed.ts";

/** Where the blocks of a document run. */
export interface DocumentPlace extends AsyncDisposable {
  readonly cwd: string;
  readonly results: string;
  readonly env: Readonly<Record<string, string>>;
  readonly shell: readonly string[];
}

const checkout = resolve(import.meta.dir, "../..");

/** The page's files in `examples/integration/`; undefined for other documents, and for pages that have none. */
export function exampleOf(document: string): string | undefined {
  if (dirname(document) !== "docs/integration") return;
  const directory = join(checkout, "examples/integration", basename(document, ".md"));
  return existsSync(directory) ? directory : undefined;
}

/** The names of the files below a directory. */
export function listFiles(directory: string): readonly string[] {
  const found = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
    (entry) => !entry.isDirectory(),
  );
  return found.map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1)).sort();
}

/**
 * The place of a document in an empty directory. The README starts in the checkout and makes its own PATH; an integration
 * page starts among those of its example's files that it does not show, with what its line in `furnishings` brings.
 */
export async function openPlace(
  document: string,
  directory: string,
  shown: readonly string[],
  shared: SharedDaemon,
): Promise<DocumentPlace> {
  await using stack = new AsyncDisposableStack();
  const { addr, buildctl, registry } = testbed();
  const bin = join(directory, "bin");
  const cwd = document === "README.md" ? checkout : join(directory, "work");
  for (const each of [bin, join(directory, "work")]) mkdirSync(each);
  symlinkSync(buildctl, join(bin, "buildctl"));
  if (document !== "README.md") symlinkSync(luakit, join(bin, "luakit"));
  const example = exampleOf(document);
  if (example !== undefined) copyFiles(example, cwd, shown);
  const env: Record<string, string> = {
    HOME: directory,
    PATH: [bin, process.env.PATH].join(delimiter),
    BUILDKIT_HOST: addr,
    LUAKIT_REGISTRY_MIRRORS: `docker.io=${registry}`,
  };
  if (document === "docs/gateway.md") env.LUAKIT_IMAGE = await gatewayImage();
  const shell = ["sh"];
  const room = { home: directory, bin, cwd, stack, shared, shell };
  for (const furnish of furnishings[document] ?? []) Object.assign(env, await furnish(room));
  const kept = stack.move();
  return { cwd, results: join(directory, "results"), env, shell, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

function copyFiles(from: string, to: string, except: readonly string[]): void {
  for (const name of listFiles(from)) if (!except.includes(name)) cpSync(join(from, name), join(to, name));
}
