import { expect, test } from "bun:test";
import { build } from "../../src/cli/build.ts";
import type { Command } from "../../src/cli/command.ts";
import { parseInput } from "../../src/cli/parse.ts";
import { asksToSolve, readBuildRequest, refuseSolveFlags, solveFlags } from "../../src/cli/solve-flags.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { failureOf } from "../image/failure.ts";

const terminal: Terminal = {
  cwd: "/tmp",
  variables: {},
  inIsTerminal: () => false,
  outIsTerminal: () => true,
  errorIsTerminal: () => true,
  out: () => undefined,
  error: () => undefined,
};

const command: Command = build;
const input = (...words: readonly string[]) => parseInput(command, words);
const request = (...words: readonly string[]) => readBuildRequest(input(...words), terminal);

const asking: readonly (readonly string[])[] = [
  ["--solve"],
  ["-t", "app"],
  ["--push"],
  ["--load"],
  ["--metadata-file", "m"],
  ["--iidfile", "i"],
  ["--trace", "t"],
  ["--report", "r"],
  ["-o", "type=local,dest=x"],
  ["-o", "name=a,type=image"],
  ["-o", '"type=local","dest=a,b"'],
  ["--output=TYPE=oci,dest=x"],
];

for (const words of asking) {
  test(`${words.join(" ")} asks for a daemon`, () => {
    expect(asksToSolve(input(...words))).toBe(true);
  });
}

const writing: readonly (readonly string[])[] = [
  [],
  ["build.lua"],
  ["-o", "build.pb"],
  ["-o", "-"],
  ["-o", "mytype=x"],
  ["--platform", "linux/amd64"],
];

for (const words of writing) {
  test(`luakit build ${words.join(" ")} writes a Definition`, () => {
    expect(asksToSolve(input(...words))).toBe(false);
    expect(() => refuseSolveFlags(input(...words))).not.toThrow();
  });
}

test("a flag that needs a daemon is not passed over", () => {
  const error = failureOf(() => refuseSolveFlags(input("--secret", "id=x")));
  expect([error.code, error.message]).toEqual([
    "usage",
    "--secret is for a build by a daemon, and this writes a Definition",
  ]);
  expect(error.hint).toBe("add --solve to build");
});

test("flags with two names are one list", async () => {
  const { cacheImports, cacheExports, options } = await request(
    ..."--import-cache a --cache-from b --export-cache c --cache-to d --frontend-arg X=1 --opt X=2 --opt Y=3".split(
      " ",
    ),
  );
  const names = [...cacheImports, ...cacheExports].map(({ attributes }) => attributes.get("ref")?.replace(/^.*\//, ""));
  expect(names).toEqual(["b:latest", "a:latest", "d:latest", "c:latest"]);
  expect([...options]).toEqual([
    ["X", "2"],
    ["Y", "3"],
  ]);
});

test("every flag of a build is read", async () => {
  const words =
    "--addr tcp://x:1 --tlsservername n -c / --target t --platform linux/amd64 --platform linux/arm64 -t a -t b --push";
  const more =
    "--no-cache --allow network.host --sbom true --provenance mode=max --label l=1 --annotation n=1 --progress plain --offline";
  expect(await request(...words.split(" "), ...more.split(" "))).toMatchObject({
    daemon: { address: "tcp://x:1", tls: { serverName: "n" }, platform: { architecture: "amd64" } },
    locals: [{ name: "context", path: "/" }],
    target: "t",
    platforms: [{ architecture: "amd64" }, { architecture: "arm64" }],
    outputs: [{ type: "image", destination: { kind: "none" } }],
    noCache: true,
    entitlements: ["network.host"],
    progress: "plain",
    offline: true,
  });
});

test("stdout is a terminal where the terminal says so", async () => {
  const refused = await request("-o", "type=tar").catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "usage", hint: expect.stringContaining("type=tar,dest=FILE") });
});

test("flags are described for people", () => {
  for (const [name, flag] of Object.entries(solveFlags)) {
    expect([name, flag.doc.length > 10, flag.doc.endsWith(".")]).toEqual([name, true, false]);
    expect([name, flag.type === "boolean" || "value" in flag]).toEqual([name, true]);
  }
});
