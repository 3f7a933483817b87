import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Case, Sample } from "./case.ts";
import { measure, spreadOf } from "./measure.ts";
import { renderPage } from "./page.ts";
import type { BenchRecord } from "./record.ts";

test("docs/performance.md says what was measured: run `npm run bench -- --write`", () => {
  const record: BenchRecord = JSON.parse(readFileSync("docs/performance.json", "utf8"));
  expect(readFileSync("docs/performance.md", "utf8")).toBe(renderPage(record));
});

describe("measure", () => {
  function caseOf(order: string[], rounds: number): Case {
    const contender = (column: "luakit" | "buildctl", values: readonly number[]) => {
      const left = [...values];
      const sample = async (): Promise<Sample> => {
        order.push(column);
        return { value: left.shift() ?? Number.NaN, cpu: 1, memory: 100 - left.length };
      };
      return { column, sample };
    };
    return {
      part: "emit",
      name: "one",
      about: "",
      rounds,
      contenders: [contender("luakit", [9, 1, 2, 4]), contender("buildctl", [9, 3, 4, 4])],
    };
  }

  test("takes turns, and the first round does not count", async () => {
    const order: string[] = [];
    const { rounds, cells } = await measure(caseOf(order, 3), 1000);
    expect(order.join(" ")).toBe("buildctl luakit luakit buildctl buildctl luakit luakit buildctl");
    expect(rounds).toBe(3);
    expect(cells.map(({ value }) => value.median)).toEqual([2, 4]);
    expect(cells.map(({ memory }) => memory)).toEqual([100, 100]);
    expect(cells[0]?.ratio).toBeUndefined();
    expect(cells[1]?.ratio).toEqual({ median: 2, low: 1.5, high: 2.5 });
  });

  test("a limit of rounds holds", async () => {
    const order: string[] = [];
    expect((await measure(caseOf(order, 3), 1)).rounds).toBe(1);
    expect(order).toHaveLength(4);
  });

  test("the spread is that of the middle half", () => {
    expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4 });
    expect(spreadOf([7])).toEqual({ median: 7, low: 7, high: 7 });
  });
});
