import { expect, test } from "bun:test";
import { readWarnings } from "../../src/report/report-warnings.ts";
import { warning } from "../progress/messages.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const mask = (text: string) => text.replaceAll("secret", "***");

test("each warning once, with the lines that it is about and the step that it is of", () => {
  const info = {
    filename: "Dockerfile",
    data: encode("FROM a\nRUN secret\nRUN b\n"),
    definition: undefined,
    language: "",
  };
  const ranges = [{ start: { line: 2, character: 0 }, end: undefined }];
  const given = { detail: [encode("more of the secret")], url: "https://example.com", info, ranges };
  const { warnings } = warning("a", "beware of secret\u001b[31m", given);
  expect(readWarnings([...warnings, ...warnings], new Map([["sha256:a", 7]]), mask)).toEqual([
    {
      title: "beware of ***",
      detail: ["more of the ***"],
      url: "https://example.com",
      vertex: 7,
      excerpt: { file: "Dockerfile", line: 2, first: 1, text: ["FROM a", "RUN ***", "RUN b", ""] },
    },
  ]);
});

test("a warning without a place", () => {
  expect(readWarnings(warning("a", "beware").warnings, new Map(), mask)).toEqual([
    { title: "beware", detail: [], url: "", excerpt: undefined, vertex: undefined },
  ]);
});
