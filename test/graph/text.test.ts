import { describe, expect, test } from "bun:test";
import { decodeGraph } from "../../src/graph/decode-graph.ts";
import { printText } from "../../src/graph/text.ts";
import { run } from "../../src/llb/exec.ts";
import { image } from "../../src/llb/source-image.ts";
import { scratch } from "../../src/llb/state.ts";
import { expectGolden } from "../golden/golden.ts";
import { chain, encode, everyAction, everyMount, everySetting, goBuild, hello, mergeAndDiff } from "./sample.ts";

const samples = { hello, goBuild, everyMount, everySetting, everyAction, mergeAndDiff };

describe("the text of a graph", () => {
  for (const [name, sample] of Object.entries(samples)) {
    test(`of ${name} is as its golden file`, async () => {
      await expectGolden(
        `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.txt`,
        printText(decodeGraph(encode(sample()))),
      );
    });
  }

  test("of scratch says so", () => {
    expect(printText(decodeGraph(encode(scratch)))).toBe("result scratch\n");
  });

  test("has no control characters of a script", () => {
    const state = run(image("docker.io/library/a:1", {}, {}), "printf '\u001b]0;owned\u0007'\nid \u202e", {}, {});
    const text = printText(decodeGraph(encode(state)));
    expect(text).toContain("#2 Exec /bin/sh -c printf '\\x1b]0;owned\\x07'\\nid \\u202e\n");
  });

  test("shows words that the name does not keep apart", () => {
    const words = ["echo", "a b", "c"];
    const text = printText(decodeGraph(encode(run(image("docker.io/library/a:1", {}, {}), words, {}, {}))));
    expect(text).toContain(`args      echo "a b" c\n`);
  });

  test("of a long chain takes linear time and no deep stack", () => {
    const text = printText(decodeGraph(encode(chain(10_000))));
    expect(text.split("\n").filter((line) => line.startsWith("#"))).toHaveLength(10_001);
  });
});
