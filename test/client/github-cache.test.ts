import { expect, test } from "bun:test";
import { addGithubVariables } from "../../src/client/github-cache.ts";
import { plain } from "./flags.ts";

const fill = (given: Record<string, string>, variables: Record<string, string>) => {
  const attributes = new Map(Object.entries(given));
  const missing = addGithubVariables(attributes, variables);
  return missing ?? plain(attributes);
};

// As buildctl's loadGithubEnv and buildx's addGithubToken do it.
test.each([
  [{}, { ACTIONS_CACHE_URL: "c", ACTIONS_RUNTIME_TOKEN: "t" }, { url: "c", token: "t" }],
  [{}, { ACTIONS_RESULTS_URL: "r", ACTIONS_RUNTIME_TOKEN: "t" }, { url: "r", token: "t" }],
  [
    {},
    { ACTIONS_CACHE_URL: "c", ACTIONS_RESULTS_URL: "r", ACTIONS_CACHE_SERVICE_V2: "true", ACTIONS_RUNTIME_TOKEN: "t" },
    { url_v2: "r", url: "c", token: "t" },
  ],
  [
    { version: "1" },
    { ACTIONS_RESULTS_URL: "r", ACTIONS_CACHE_SERVICE_V2: "true", ACTIONS_RUNTIME_TOKEN: "t" },
    { version: "1", url: "r", token: "t" },
  ],
  [
    { version: "2", url_v2: "own" },
    { ACTIONS_RESULTS_URL: "r", ACTIONS_RUNTIME_TOKEN: "t" },
    { version: "2", url_v2: "own", url: "r", token: "t" },
  ],
  [
    { token: "own", url: "own" },
    { ACTIONS_CACHE_URL: "c", ACTIONS_RUNTIME_TOKEN: "t" },
    { token: "own", url: "own" },
  ],
])("%j with %j", (given, variables, filled) => {
  expect<unknown>(fill(given, variables)).toEqual(filled);
});

test("what is missing is named", () => {
  expect(fill({}, { ACTIONS_RUNTIME_TOKEN: "t" })).toContain("ACTIONS_CACHE_URL");
  expect(fill({ url: "x" }, {})).toContain("ACTIONS_RUNTIME_TOKEN");
  expect(fill({ url: "x" }, { ACTIONS_RUNTIME_TOKEN: "" })).toContain("ACTIONS_RUNTIME_TOKEN");
});
