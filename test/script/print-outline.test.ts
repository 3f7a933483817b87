import { expect, test } from "bun:test";
import { printOutline, printTargets } from "../../src/script/print-outline.ts";

test("an outline is one table for each kind of thing, and nothing for what there is none of", () => {
  const text = printOutline({
    name: "app",
    description: "what users get",
    args: [
      { name: "JOBS", value: "4", description: "at once" },
      { name: "FLAVOUR", required: true, values: ["a", "b"] },
    ],
    ssh: [{ name: "default" }, { name: "deploy", required: true }],
    cache: [{ ID: "go" }],
    sources: [],
  });
  expect(text).toBe(`TARGET:      app
DESCRIPTION: what users get

BUILD ARG   VALUE   DESCRIPTION
JOBS        4       at once
FLAVOUR             (one of a, b) (required)

SSH       REQUIRED
default
deploy    true

CACHE MOUNT
go

`);
  expect(printOutline({ sources: [] })).toBe("");
});

test("what scripts say stays on its line and drives no terminal", () => {
  const text = printTargets({
    targets: [{ name: "a\u001b[31m", description: "two\nlines" }, { default: true }],
    sources: [],
  });
  expect(text).toBe("TARGET    DESCRIPTION\na         two lines\n(default)\n");
});
