import { expect, test } from "bun:test";
import { git } from "../../src/llb/source-git.ts";
import { attributes, lastOp } from "./sample.ts";

const url = "https://host/a.git";

test("options win over the URL", () => {
  const { op } = lastOp(git(`${url}#main:docs`, { ref: "v2", subdir: "/src/" }, {}));
  expect(op.value).toMatchObject({ identifier: "git://host/a.git#v2:src" });
});

test("a query is honoured", () => {
  expect(attributes(git(`${url}?submodules=0&commit=abcd`, {}, {}))).toMatchObject({
    "git.skipsubmodules": "true",
    "git.checksum": "abcd",
  });
});

test("a commit is fetched by itself when it is there as a whole", () => {
  const commit = "a".repeat(40);
  const pinned = { "git.fetchbycommit": "true", "git.checksum": commit };
  expect(attributes(git(`${url}?fetch-by-commit=true&checksum=${commit}#main`, {}, {}))).toMatchObject(pinned);
  expect(attributes(git(`${url}?fetch-by-commit#${commit}`, {}, {}))).toMatchObject({ "git.fetchbycommit": "true" });
  expect(attributes(git(`${url}?fetch-by-commit=0#main`, {}, {}))["git.fetchbycommit"]).toBeUndefined();
  for (const query of ["fetch-by-commit", "fetch-by-commit&checksum=abcdef"]) {
    expect(() => git(`${url}?${query}#main`, {}, {})).toThrow("fetch-by-commit needs the whole commit");
  }
});

test("an ssh URL asks for the default agent", () => {
  expect(attributes(git("git@host:a", {}, {}))["git.mountsshsock"]).toBe("default");
});

test.each([
  [{ ssh: "default" }, "are for ssh URLs"],
  [{ knownHosts: "x" }, "are for ssh URLs"],
  [{ checksum: "main" }, "no git commit"],
  [{ authTokenSecret: "" }, "auth_token_secret"],
  [{ ref: "a..b c" }, "no git ref"],
])("%p is refused", (options, message) => {
  expect(() => git(url, options, {})).toThrow(message);
});
