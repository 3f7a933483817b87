import { expect, test } from "bun:test";
import { sourceTimeOf, sourceTimeRequest } from "../../src/gateway/source-time.ts";
import { ResolveSourceMetaResponse } from "../../src/gen/gateway.ts";
import { git } from "../../src/llb/source-git.ts";
import { http } from "../../src/llb/source-http.ts";
import type { State } from "../../src/llb/state.ts";

const answer = (response: Parameters<typeof ResolveSourceMetaResponse.encode>[0]) =>
  sourceTimeOf(ResolveSourceMetaResponse.decode(ResolveSourceMetaResponse.encode(response)));
const commit = (text: string) => answer({ Git: { CommitObject: new TextEncoder().encode(text) } });

function requestOf({ output }: State) {
  const op = output?.vertex.op;
  if (op?.type !== "source") throw new Error("no source");
  return sourceTimeRequest(op, "title");
}

test("a repository is asked for its commit as a whole, a download for nothing more", () => {
  expect(requestOf(git("https://host/x.git#main", {}, {}))).toMatchObject({
    Source: { identifier: "git://host/x.git#main", attrs: { "git.fullurl": "https://host/x.git" } },
    LogName: "title",
    Git: { ReturnObject: true },
  });
  expect(requestOf(http("https://host/x", {}, {})).Git).toBeUndefined();
});

test("a commit's time is that of its committer, whatever its message says", () => {
  const head = "tree 1\nauthor A <a@b> 1 +0000\ncommitter A > B <a@b> 1600000000 -0330\nencoding UTF-8";
  expect(commit(`${head}\n\nSubject\n\ncommitter X <x@y> 5 +0000\n`)).toBe(1_600_000_000);
  expect(commit("tree 1\n\ncommitter X <x@y> 5 +0000\n")).toBeUndefined();
});

test("a download's time is what its server says, if it says anything", () => {
  expect(answer({ HTTP: { LastModified: { seconds: 1_500_000_000, nanos: 5 } } })).toBe(1_500_000_000);
  expect(answer({ HTTP: {} })).toBeUndefined();
  expect(answer({})).toBeUndefined();
});
