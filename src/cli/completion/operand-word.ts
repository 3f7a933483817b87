import type { Command } from "../command.ts";
import { nothing, type Suggestions, words } from "./suggestions.ts";

/** What may stand for a command's next operand, as its usage line says: `[SCRIPT|DIR]`, `bash|zsh`, `[ls | rm REF]`. */
export function suggestOperand({ operands, maxOperands }: Command, before: readonly string[]): Suggestions {
  if (before.length >= maxOperands) return nothing;
  const choices = literals(operands);
  if (choices.length > 0) return before.length === 0 ? { prefix: "", candidates: words(...choices) } : nothing;
  return { prefix: "", candidates: [], files: filesFor(operands) };
}

/** Words in small letters stand for themselves. */
function literals(operands: string): readonly string[] {
  return operands
    .split(/[|[\]]/)
    .map((part) => part.trim().split(" ")[0] ?? "")
    .filter((word) => /^[a-z]+$/.test(word));
}

function filesFor(operands: string): string | undefined {
  if (/\bSCRIPT\b/.test(operands)) return /\.pb\b|\bDIR\b/.test(operands) ? "lua,pb" : "lua";
  if (/FILE\b/.test(operands)) return "any";
  return /\b(DIR|FOLDER)\b/.test(operands) ? "directories" : undefined;
}
