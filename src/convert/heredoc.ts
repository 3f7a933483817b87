import { parseWord } from "../expand/word.ts";
import { parseJsonList } from "./split-arguments.ts";

/** A document within a Dockerfile. */
export interface Heredoc {
  readonly name: string;
  /** Variables in it are expanded. */
  readonly expand: boolean;
  /** Tabs at the start of its lines do not count. */
  readonly chomp: boolean;
  /** Its lines, each with its end. */
  readonly content: string;
}

/** Whether an instruction is one of those that heredocs may follow. */
export function mayHaveHeredocs(text: string): boolean {
  if (!text.includes("<<")) return false;
  const [, words] = /^(?:onbuild\s+)?(?:run|copy|add)\s+(?:--\S+\s+)*([\s\S]*)$/i.exec(text) ?? [];
  return words !== undefined && parseJsonList(words.trim()) === undefined;
}

/** The heredocs that a line opens, without contents. */
export function heredocsOf(line: string): readonly Heredoc[] {
  return splitRaw(line).flatMap((word) => parseHeredoc(word) ?? []);
}

/** The heredoc that a word opens, if it does. */
export function parseHeredoc(word: string): Heredoc | undefined {
  const [, chomp, rest = ""] = /^\d*<<(-?)\s*([^<]*)$/.exec(word) ?? [];
  if (rest === "" || splitRaw(rest).length !== 1) return undefined;
  const name = unquote(rest.trim());
  if (name === "") return undefined;
  return { name, expand: !/['"]/.test(rest) || name === rest, chomp: chomp === "-", content: "" };
}

/** What a heredoc of `<<-` says. */
export function contentOf({ chomp, content }: Heredoc): string {
  return chomp ? content.replace(/^\t+/gm, "") : content;
}

/** Splits at spaces outside of quotes; quotes and escapes stay. Text that a shell could not read has no words. */
function splitRaw(text: string): readonly string[] {
  try {
    parseWord(text);
  } catch {
    return [];
  }
  const pattern = /(?:<<[ \t\r]*|\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|[^\s\\'"])+/g;
  return text.match(pattern) ?? [];
}

function unquote(text: string): string {
  return text.replace(/\\([\s\S])|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"/g, (_, escaped, single, double) =>
    String(escaped ?? single ?? String(double).replace(/\\(["$\\])/g, "$1")),
  );
}
