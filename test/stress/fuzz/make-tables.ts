import { mkdirSync, writeFileSync } from "node:fs";
import { comparisons } from "./comparisons.ts";
import { askGo, makeInputs, tableSize } from "./driver/compare.ts";

// Writes expected/: what Go says of the first inputs of seed 1.
mkdirSync(`${import.meta.dir}/expected`, { recursive: true });
for (const comparison of comparisons) {
  const answers = await askGo(comparison.kind, makeInputs(comparison, 0, tableSize));
  const lines = answers.map((answer) => `${JSON.stringify(answer)}\n`);
  writeFileSync(`${import.meta.dir}/expected/${comparison.kind}.jsonl`, lines.join(""));
}
