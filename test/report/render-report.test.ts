import { expect, test } from "bun:test";
import { makeReport } from "../../src/report/make-report.ts";
import { renderReport } from "../../src/report/render-report.ts";
import { log, vertex } from "../progress/messages.ts";
import { collect, finished } from "./builds.ts";

const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>\u2028"'`;

test("no name and no line of a log is markup", () => {
  const collector = collect(
    vertex(evil, 0, 1, { inputs: ["sha256:base"] }),
    vertex("base", 0, 1, { name: evil }),
    log("base", 0.5, `${evil}\n`),
  );
  const facts = [[evil, [evil]]] as const;
  const html = renderReport(makeReport(collector, finished({ title: evil, facts })));
  const [, json = ""] = /id="data">(.*?)<\/script>/.exec(html) ?? [];
  expect(JSON.parse(json).facts[0][0]).toBe(evil);
  const found = ["<img", "<script>alert"].filter((markup) => html.includes(markup));
  expect([found, json.includes("\u2028"), html.match(/<\/script>/g)?.length]).toEqual([[], false, 3]);
});

test("the data can be read back", () => {
  const data = makeReport(collect(vertex("a", 0, 1)), finished());
  const [, json = ""] = /<script type="application\/json" id="data">(.*)<\/script>/.exec(renderReport(data)) ?? [];
  expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(data)));
});
