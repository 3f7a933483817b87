import { expect, test } from "bun:test";
import type { Answer, Question } from "../../src/suite/question.ts";
import { inDirectory, writeFiles } from "../support/build.ts";
import { failuresOf, runTestFile } from "./run.ts";

const config = {
  architecture: "arm64",
  os: "linux",
  config: { Cmd: ["sh"], Env: ["A=1"], WorkingDir: "/srv", User: "app" },
};

function answer(question: Question): Answer {
  switch (question.kind) {
    case "solve":
      Bun.sleepSync(150);
      return { kind: "solved", solved: 1, config: new TextEncoder().encode(JSON.stringify(config)) };
    case "read":
      return { kind: "read", data: new Uint8Array([0xff, 0x00]) };
    case "stat":
      return { kind: "stat", stat: undefined };
    case "list":
      return { kind: "list", entries: [{ path: "a", type: "file", mode: "0644", size: 1, uid: 0, gid: 0 }] };
    case "run":
      return { kind: "run", outcome: { code: 3, stdout: new TextEncoder().encode("out"), stderr: new Uint8Array() } };
    case "release":
      return { kind: "released" };
  }
}

test("asks for what the test says, and its time stands still meanwhile", () =>
  inDirectory(async (directory) => {
    writeFiles(directory, {
      "build.lua": 'bk.export(bk.image("a"):run(tostring(bk.target_platform())))',
      "data/x": "",
    });
    const asked: Question[] = [];
    const text = `test("a", function()
  local solved = test.solve(test.script("build.lua"), {secrets = {tok = "t"}, locals = {data = "data"}, no_cache = true})
  test.solve(bk.scratch())
  expect(solved:read("/x")):equals("\\xff\\0")
  expect(solved:stat("/x")):equals(nil)
  expect(solved:exists("/x")):equals(false)
  expect(solved:list("/")):contains({path = "a", target = false})
  expect(solved:run("ls", {env = {B = "2"}})):equals({code = 3, stdout = "out", stderr = ""})
  expect(solved.config.cmd):equals({"sh"})
end)`;
    const result = runTestFile(directory, text, {
      time: 200,
      answer: (question) => {
        asked.push(structuredClone(question));
        return answer(question);
      },
    });
    expect([result.error?.message, failuresOf(result)]).toEqual([undefined, { a: [] }]);
    expect(asked.map(({ kind }) => kind)).toEqual(["solve", "solve", "read", "stat", "stat", "list", "run", "release"]);
    const [solve] = asked;
    if (solve?.kind !== "solve") throw new Error("nothing was solved");
    // The daemon's platform, which the script is told as well.
    expect(solve.request.target.platform).toEqual({ os: "linux", architecture: "arm64" });
    expect(solve.request).toMatchObject({ context: directory, noCache: true, secrets: new Map([["tok", "t"]]) });
    expect(solve.request.locals).toEqual(new Map([["data", `${directory}/data`]]));
    const { exec } = solve.request.target.target.state;
    expect(exec?.op.type === "exec" && exec.op.args).toContain("linux/arm64");
    expect(asked.find(({ kind }) => kind === "run")).toMatchObject({
      request: {
        args: ["/bin/sh", "-c", "ls"],
        cwd: "/srv",
        user: "app",
        env: new Map([
          ["A", "1"],
          ["B", "2"],
        ]),
      },
    });
  }));

test("an error of the daemon is one of the test, which can expect it", () =>
  inDirectory(async (directory) => {
    const text = `test("a", function() expect(function() test.solve(bk.scratch()) end):fails("it broke", {line = 7}) end)
test("b", function() test.solve(bk.scratch()) end)`;
    const error = {
      code: "build.failed",
      message: "it broke",
      position: { file: "x.lua", line: 7 },
      callers: [],
    } as const;
    const result = runTestFile(directory, text, { answer: () => ({ kind: "failed", error }) });
    expect(failuresOf(result)).toEqual({ a: [], b: ["it broke"] });
  }));
