import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A fenced block of a Markdown document. */
export interface Block {
  readonly language: string;
  /** The file that a block with `title="name"` is saved as. */
  readonly title: string | undefined;
  readonly body: string;
  /** Of its first line. */
  readonly line: number;
}

/** One `$ command` of a console block with what it prints, where `…` stands for anything. */
export interface Shown {
  readonly command: string;
  readonly output: string;
}

/** What a console block shows, and what the command really printed. */
export interface Printed extends Shown {
  readonly line: number;
  readonly printed: string;
}

export function readBlocks(markdown: string): readonly Block[] {
  const fences = markdown.matchAll(/^```(\w*)(?: title="([^"]*)")?\n(.*?)^```$/gms);
  return [...fences].map(({ 1: language = "", 2: title, 3: body = "", index }) => ({
    language,
    title,
    body,
    line: markdown.slice(0, index).split("\n").length + 1,
  }));
}

/** Commands may go on after a line that ends in a backslash. */
export function readShown(body: string): readonly Shown[] {
  return body.split(/^\$ /m).flatMap((part) => {
    if (part.trim() === "") return [];
    const [, command = "", output = ""] = /^((?:[^\n]*\\\n)*[^\n]*)\n?([\s\S]*)$/.exec(part) ?? [];
    return [{ command, output }];
  });
}

/** True when the output is what was shown. White space at the ends of lines does not count. */
export function looksLike(shown: string, printed: string): boolean {
  const parts = trimLines(shown)
    .split("…")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[\\s\\S]*")}$`).test(trimLines(printed));
}

function trimLines(text: string): string {
  return text.replace(/[ \t]+$/gm, "").trim();
}

/** Where blocks run. */
export interface BlockPlace {
  readonly cwd: string;
  /** A directory for what console blocks print; the shell must find it under this name. */
  readonly results: string;
  readonly env: Readonly<Record<string, string>>;
  /** Default: the `sh` of PATH. */
  readonly shell?: readonly string[];
}

/**
 * Runs the blocks of a document in one shell, in their order: files with a title are written, `sh` must succeed,
 * `console` may fail. Gives what the commands of console blocks printed; throws when an `sh` block fails.
 */
export async function runBlocks(blocks: readonly Block[], place: BlockPlace): Promise<readonly Printed[]> {
  mkdirSync(place.results, { recursive: true });
  const shown = blocks.flatMap((block) =>
    block.language === "console" ? readShown(block.body).map((each) => ({ ...each, line: block.line })) : [],
  );
  const files = new Map(shown.map((each, index) => [each, join(place.results, String(index))]));
  const script = blocks.flatMap((block) => {
    if (block.title !== undefined) return saveFile(block.title, block.body);
    if (block.language === "sh") return [`echo "the sh block at line ${block.line}" >&2`, block.body];
    return shown
      .filter(({ line }) => line === block.line)
      .map((each) => `{ ${each.command}\n} > '${files.get(each)}' 2>&1 || true`);
  });
  await runShell(["set -eu", ...script].join("\n"), place);
  return shown.map((each) => ({ ...each, printed: readFileSync(files.get(each) ?? "", "utf8") }));
}

function saveFile(name: string, body: string): string[] {
  return [`mkdir -p '${dirname(name)}'`, `cat > '${name}' << 'END OF BLOCK'\n${body}END OF BLOCK`];
}

async function runShell(script: string, { cwd, env, shell = ["sh"] }: BlockPlace): Promise<void> {
  const child = Bun.spawn([...shell, "-c", script], {
    cwd,
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}:\n${stdout}\n${stderr}`);
}
