import { expect, test } from "bun:test";
import { HeaderTable } from "../../src/h2/header-table.ts";

test("the newest field comes first", () => {
  const table = new HeaderTable(100);
  table.insert(["a", "1"], 34);
  table.insert(["b", "2"], 34);
  expect([table.at(0), table.at(1), table.at(2)]).toEqual([["b", "2"], ["a", "1"], undefined]);
  expect(table.size).toBe(68);
});

test("the oldest fields make room", () => {
  const evicted: [string, number][] = [];
  const table = new HeaderTable(100, ({ field }, order) => evicted.push([field[0], order]));
  for (const name of ["a", "b", "c", "d"]) table.insert([name, ""], 33);
  expect(evicted).toEqual([["a", 0]]);
  expect([table.at(0), table.at(2), table.at(3)]).toEqual([["d", ""], ["b", ""], undefined]);
  table.resize(40);
  expect(evicted).toEqual([
    ["a", 0],
    ["b", 1],
    ["c", 2],
  ]);
  expect(table.length).toBe(1);
});

test("a field larger than the table empties it", () => {
  const table = new HeaderTable(100);
  table.insert(["a", ""], 33);
  expect(table.insert(["b", ""], 101)).toBe(false);
  expect([table.length, table.size]).toEqual([0, 0]);
});

test("a long life leaves no more than what the table holds", () => {
  const table = new HeaderTable(330);
  for (let count = 0; count < 1000; count++) table.insert([`name-${count}`, ""], 33);
  expect(table.length).toBe(10);
  expect(table.at(9)).toEqual(["name-990", ""]);
  expect(table.inserted).toBe(1000);
});
