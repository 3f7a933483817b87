import { describe, expect, test } from "bun:test";
import { attributesOf, suggestAttributes } from "../../../src/cli/completion/attribute-list.ts";

const free = (key: string) => Promise.resolve([`${key}-one`]);

async function suggest(flag: string, text: string) {
  const { prefix, candidates, files } = await suggestAttributes(attributesOf(flag) ?? {}, text, free, ["HOME"]);
  return [prefix, candidates.map(({ value }) => value).join(" "), files];
}

describe("what goes on", () => {
  test.each([
    ["secret", "", ["", "id= src= env=", undefined]],
    ["secret", "id=x,", ["id=x,", "src= env=", undefined]],
    ["secret", "id=x,s", ["id=x,", "src= env=", undefined]],
    ["secret", "id=x,src=a", ["id=x,src=", "", "any"]],
    ["secret", "id=x,env=", ["id=x,env=", "HOME", undefined]],
    ["secret", "id=", ["id=", "id-one", undefined]],
    ["cache-to", "type=inline,mode=m", ["type=inline,mode=", "min max", undefined]],
    ["export-cache", "type=local,dest=", ["type=local,dest=", "", "any"]],
    ["attest", "what=", ["what=", "", undefined]],
  ])("--%s %s", async (flag, text, expected) => {
    expect(await suggest(flag, text)).toEqual(expected);
  });
});
