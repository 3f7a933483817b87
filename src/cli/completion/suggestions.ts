/** One word that may stand where the cursor is. */
export interface Candidate {
  readonly value: string;
  readonly doc?: string | undefined;
  /** The word goes on after it: no space. */
  readonly open?: true;
}

/** What may stand where the cursor is. */
export interface Suggestions {
  /** What of the current word comes before the candidates and the files. */
  readonly prefix: string;
  readonly candidates: readonly Candidate[];
  /** The shell adds names of files: `directories`, `any`, or endings such as `lua,pb` (and directories). */
  readonly files?: string | undefined;
}

export const nothing: Suggestions = { prefix: "", candidates: [] };

export function words(...values: readonly string[]): readonly Candidate[] {
  return values.map((value) => ({ value }));
}

/**
 * What the shells' scripts read: how words end (`space`, `nospace`) and which files fit (`none`), the prefix, and then the
 * words that begin with `current`, each with its description after a tab.
 */
export function printSuggestions({ prefix, candidates, files }: Suggestions, current: string): string {
  const fitting = candidates
    .map((candidate) => ({ ...candidate, value: prefix + candidate.value }))
    .filter(({ value }) => value.startsWith(current) && !/[\n\t]/.test(value));
  const ending = fitting.some(({ open }) => open) ? "nospace" : "space";
  const rows = fitting.map(({ value, doc }) => (doc ? `${value}\t${doc.replace(/\s+/g, " ")}` : value));
  return `${[ending, files ?? "none", prefix, ...rows].join("\n")}\n`;
}
