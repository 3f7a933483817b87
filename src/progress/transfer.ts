import { formatBytes } from "./format.ts";
import type { Style } from "./style.ts";
import type { TracedVertex } from "./traced-vertex.ts";

/** Bytes moved and, where it is known, bytes to move. */
export interface Transfer {
  readonly current: number;
  readonly total: number;
}

const short = 12;
const long = 24;
const amountColumns = 17;

/** What the statuses of a vertex have moved together; the total is 0 unless all of them know theirs. */
export function transferOf(vertex: TracedVertex): (Transfer & { readonly parts: number }) | undefined {
  let parts = 0;
  let current = 0;
  let total = 0;
  let known = true;
  for (const status of vertex.statuses.values()) {
    if (status.current === 0 && status.total === 0) continue;
    parts++;
    current += status.current;
    total += status.total;
    known &&= status.total > 0;
  }
  return parts === 0 ? undefined : { current, total: known ? total : 0, parts };
}

/** `12.3MB / 45.0MB`, or `12.3MB` when the total is not known or reached. */
export function formatTransfer({ current, total }: Transfer): string {
  const amount = formatBytes(current, 1);
  return total === 0 || current >= total ? amount : `${amount} / ${formatBytes(total, 1)}`;
}

/** Ways to show a transfer, the longest first: with a bar, in bytes, in percent. */
export function transferTexts(transfer: Transfer, style: Style): string[] {
  const amount = formatTransfer(transfer);
  if (transfer.total === 0 || transfer.current >= transfer.total) return [amount];
  const part = transfer.current / transfer.total;
  const percent = `${Math.floor(part * 100)}%`;
  const bars = [long, short].map((columns) => `${drawBar(part, columns, style)}  ${amount.padStart(amountColumns)}`);
  return [...bars, amount, percent];
}

function drawBar(part: number, columns: number, { marks }: Style): string {
  const halves = Math.round(Math.min(1, Math.max(0, part)) * columns * 2);
  const full = Math.floor(halves / 2);
  const half = halves % 2 === 1 ? marks.half : "";
  return `${marks.full.repeat(full)}${half}`.padEnd(columns, marks.empty);
}
