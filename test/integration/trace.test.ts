import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Vertex } from "../../src/gen/control.ts";
import { readTrace } from "../../src/progress/read-trace.ts";
import { emit, inDirectory, unique } from "../support/build.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";
import { buildctlBuild, testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { addr, images, v012 } = testbed();

/** The names of all members of the messages of a trace, as `vertexes.name`; what the daemon still had is by chance. */
function membersOf(file: string): Set<string> {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const messages: Record<string, Record<string, unknown>[]>[] = lines.map((line) => JSON.parse(line));
  return new Set(
    messages.flatMap((message) =>
      Object.entries(message).flatMap(([list, items]) =>
        items.flatMap((item) => Object.keys(item).flatMap((name) => (name === "cached" ? [] : `${list}.${name}`))),
      ),
    ),
  );
}

/** What a trace says in the end of each vertex, by names (builds beside each other change digests), and what was logged. */
function endOf(file: string) {
  const vertices = new Map<string, Vertex>();
  let logs = "";
  for (const message of readTrace(file, file)) {
    for (const vertex of message.vertexes) vertices.set(vertex.digest, vertex);
    for (const { msg } of message.logs) logs += new TextDecoder().decode(msg);
  }
  const ends = [...vertices.values()].map(({ name, inputs, error, completed, progressGroup }) => {
    const names = inputs.map((digest) => vertices.get(digest)?.name);
    return { name, inputs: names, error, ended: completed !== undefined, progressGroup };
  });
  return { vertices: ends.sort((a, b) => (a.name < b.name ? -1 : 1)), logs };
}

describe.concurrent("--trace", () => {
  test("has what buildctl writes of the same build, member by member", () =>
    inDirectory(async (directory) => {
      const word = unique();
      const script = `bk.export(bk.image("${images.busybox}"):run("echo '<${word}>'", { name = "say it", group = "words" }))`;
      const { definition } = await emit(script);
      const words = ["solve", "--addr", addr, "--no-cache", "--trace", "ours.json", "--output", "type=cacheonly"];
      const solved = await runLuakit(words, { cwd: directory, stdin: definition });
      expect([solved.exitCode, solved.stderr]).toEqual([0, expect.any(String)]);
      const args = ["--no-cache", "--trace", join(directory, "theirs.json")];
      expect((await buildctlBuild({ definition, args })).exitCode).toBe(0);
      const [ours, theirs] = ["ours.json", "theirs.json"].map((name) => join(directory, name));
      if (ours === undefined || theirs === undefined) throw new Error("no traces");
      expect(membersOf(ours)).toEqual(membersOf(theirs));
      expect(endOf(ours)).toEqual(endOf(theirs));
      expect(endOf(ours).logs).toBe(`<${word}>\n`);
    }));

  test("has the lines of rawjson progress", () =>
    inDirectory(async (directory) => {
      const script = `bk.export(bk.image("${images.busybox}"):run("echo ${unique()}"))`;
      writeScript(directory, script);
      const words = ["build", "--addr", addr, "--trace", "trace.json", "--progress", "rawjson", "-o", "type=cacheonly"];
      const { stderr } = await runLuakit(words, { cwd: directory });
      expect(readFileSync(join(directory, "trace.json"), "utf8")).toBe(stderr);
    }));

  test.if(v012 !== undefined)("of an old buildctl is read", () =>
    inDirectory(async (directory) => {
      const word = unique();
      const { definition } = await emit(`bk.export(bk.image("${images.busybox}"):run("echo ${word}"))`);
      const trace = join(directory, "trace.json");
      const argv = [v012?.buildctl ?? "", "--addr", addr, "build", "--progress=plain", "--trace", trace];
      const child = Bun.spawn(argv, { stdin: definition, stdout: "ignore", stderr: "ignore" });
      expect(await child.exited).toBe(0);
      const { vertices, logs } = endOf(trace);
      expect(logs).toBe(`${word}\n`);
      expect(vertices).toContainEqual(expect.objectContaining({ name: `/bin/sh -c echo ${word}`, ended: true }));
    }),
  );
});
