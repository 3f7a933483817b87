import { LuakitError } from "../diagnostic/luakit-error.ts";

/**
 * The fields of one line of comma separated values, by the rules of Go's encoding/csv: a field in double quotes may hold
 * commas and `""`. Throws "usage", naming `flag`; no message holds a field, which may be a secret.
 */
export function parseCsv(flag: string, text: string): string[] {
  const line = text.replace(/\r?\n$/, "");
  if (line === "") throw new LuakitError("usage", `--${flag}: the value is empty`);
  const fields: string[] = [];
  for (let at = 0; ; ) {
    const { value, end } = line[at] === '"' ? readQuoted(flag, line, at) : readBare(flag, line, at);
    fields.push(value);
    if (end === line.length) return fields;
    at = end + 1;
  }
}

/** One line that `parseCsv`, and BuildKit, read as these fields. */
export function formatCsv(fields: readonly string[]): string {
  return fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",");
}

interface Field {
  readonly value: string;
  /** Where the comma after it is, or the line's end. */
  readonly end: number;
}

function readBare(flag: string, line: string, start: number): Field {
  const comma = line.indexOf(",", start);
  const end = comma < 0 ? line.length : comma;
  const value = line.slice(start, end);
  if (!value.includes('"')) return { value, end };
  throw new LuakitError("usage", `--${flag}: there is a double quote inside a field without quotes`, {
    hint: `put the quotes around the whole field, and double those inside: '"name=a,b"'`,
  });
}

function readQuoted(flag: string, line: string, start: number): Field {
  let value = "";
  for (let at = start + 1; ; ) {
    const quote = line.indexOf('"', at);
    if (quote < 0) throw new LuakitError("usage", `--${flag}: a double quote is not closed`);
    value += line.slice(at, quote);
    const after = line[quote + 1];
    if (after === undefined || after === ",") return { value, end: quote + 1 };
    if (after !== '"') throw new LuakitError("usage", `--${flag}: there is text after the closing double quote`);
    value += '"';
    at = quote + 2;
  }
}
