import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { integer, text } from "../../lua/scalar.ts";

const largest = 0o7777;
const octal = /^(?:0o?)?([0-7]{1,4})$/;
const clause = /^[ugoa]*(?:[-+](?:[rwxXst]+|[ugo])|=(?:[rwxXst]+|[ugo])?)+$/;

/** A file mode such as `"0755"`; also the number that a script computed, unless it is one that was meant as octal. */
export function mode(key: "mode" | "chmod"): Kind<number> {
  return refine(oneOf(text, integer()), { type: "string|integer", expected: "octal string" }, (value) =>
    typeof value === "string" ? parseOctal(value, key) : checkNumber(value, key),
  );
}

/** A file mode, or the symbolic change of one (`"u+x,go-w"`) as text. */
export const copyMode: Kind<number | string> = refine(
  oneOf(text, integer()),
  { type: "string|integer", expected: "octal or symbolic string" },
  (value) => {
    if (typeof value === "number") return checkNumber(value, "mode");
    return isSymbolic(value) ? value : parseOctal(value, "mode");
  },
);

/** `u+x`, `a=rX`, `go-w,u+s`: what chmod takes. */
export function isSymbolic(value: string): boolean {
  return value.split(",").every((part) => clause.test(part));
}

function parseOctal(value: string, key: string): number {
  const digits = octal.exec(value)?.[1];
  if (digits !== undefined) return Number.parseInt(digits, 8);
  if (isSymbolic(value)) {
    throw new LuakitError("script.option", `a symbolic mode ("${value}") changes a mode that is there already`, {
      hint: `write an octal one here, ${key} = "0755"; state:copy takes symbolic modes`,
    });
  }
  throw new LuakitError("script.option", `"${value}" is not a file mode`, { hint: `write ${key} = "0755"` });
}

function checkNumber(value: number, key: string): number {
  // By far the most are these, and nobody means 0420.
  if (value === 0o644 || value === 0o755) return value;
  const digits = String(value);
  if (looksOctal(digits) && !(isUsual(value) && !isUsual(Number.parseInt(digits, 8)))) {
    throw new LuakitError("script.option", `Lua reads ${digits} as a decimal number, which is mode ${format(value)}`, {
      hint: `write ${key} = "${digits.padStart(4, "0")}"`,
    });
  }
  if (value < 0 || value > largest) {
    throw new LuakitError("script.option", `${value} is not a file mode`, { hint: `write ${key} = "0755"` });
  }
  return value;
}

function looksOctal(digits: string): boolean {
  return /^[0-7]{3,4}$/.test(digits);
}

// 420 is 0644 and nobody means 0420; 755 is 01363 and nobody means that.
function isUsual(value: number): boolean {
  const [owner = 0, group = 0, other = 0] = [value >> 6, value >> 3, value].map((bits) => bits & 7);
  const readable = [group, other].every((bits) => bits === 0 || bits >= 4);
  return owner >= 4 && readable && (group & ~owner) === 0 && (other & ~group) === 0 && value <= 0o7777;
}

function format(value: number): string {
  return `0${value.toString(8)}`;
}
