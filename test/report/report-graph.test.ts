import { expect, test } from "bun:test";
import { makeReport } from "../../src/report/make-report.ts";
import { drawReportGraph, graphOf } from "../../src/report/report-graph.ts";
import { message, vertex } from "../progress/messages.ts";
import { collect, finished } from "./builds.ts";

const uses = (...names: string[]) => ({ inputs: names.map((name) => `sha256:${name}`) });

test("what uses nothing and is not used is no part of the graph, and inputs stand first", () => {
  const collector = collect(vertex("export", 3, 4), vertex("made", 0, 3, uses("base")), vertex("base", 1, 2));
  const { vertices } = graphOf(makeReport(collector, finished()));
  expect(vertices.map(({ name, kind, inputs }) => [name, kind, inputs.map(({ number }) => number)])).toEqual([
    ["base", "Source", []],
    ["made", "Exec", [2]],
  ]);
});

test("the drawing names the places of steps, their times and the critical path", () => {
  const collector = collect(
    vertex("base", 0, 1, { cached: true }),
    vertex("made", 1, 3.5, uses("base")),
    vertex("broken", 4, 5, { ...uses("made"), error: "no" }),
  );
  const { markup = "", drawn, all } = drawReportGraph(makeReport(collector, finished())) ?? {};
  expect([drawn, all]).toEqual([3, 3]);
  expect(markup).toContain('data-n="2"');
  for (const text of [">2.5s<", ">cached<", ">failed<"]) expect(markup).toContain(text);
  expect(markup.match(/class="vertex[^"]* critical"/g)?.length).toBe(2);
});

test("of many steps those are drawn that took longest", () => {
  const steps = Array.from({ length: 400 }, (_, step) => {
    const time = step === 200 ? 500 : 0.1;
    return vertex(`s${step}`, step, step + time, step === 0 ? {} : uses(`s${step - 1}`)).vertexes;
  });
  const drawing = drawReportGraph(makeReport(collect(message({ vertexes: steps.flat() })), finished()));
  expect([drawing?.drawn, drawing?.all]).toEqual([250, 400]);
  expect(drawing?.markup).toContain('data-n="201"');
});

test("nothing to draw is no drawing, and circles end", () => {
  expect(drawReportGraph(makeReport(collect(vertex("alone", 0, 1)), finished()))).toBeUndefined();
  const circle = collect(vertex("a", 0, 1, uses("b")), vertex("b", 0, 1, uses("a")));
  expect(drawReportGraph(makeReport(circle, finished()))?.drawn).toBe(2);
});
