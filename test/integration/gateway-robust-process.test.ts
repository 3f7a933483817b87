import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { inDirectory } from "../support/build.ts";
import { executable } from "../support/executable.ts";
import { type FrontendProcess, startFrontend } from "../support/frontend-process.ts";

const emptyExport = "bk.export(bk.scratch())";

setDefaultTimeout(60_000);

/** What it said to the daemon, and how it ended. */
async function errorOf(...start: Parameters<typeof startFrontend>): Promise<string | undefined> {
  const frontend = startFrontend(...start);
  expect(await frontend.ended).toEqual({ exitCode: 0, stderr: "" });
  expect(frontend.returned.length).toBe(1);
  return frontend.returned[0]?.error?.message;
}

function messagesOf({ returned }: FrontendProcess): readonly (string | undefined)[] {
  return returned.map(({ error }) => error?.message);
}

describe.concurrent("the process of a frontend", () => {
  test("returns one result, writes nothing to stderr, and ends with 0", async () => {
    const frontend = startFrontend({ script: emptyExport });
    expect(await frontend.ended).toEqual({ exitCode: 0, stderr: "" });
    expect(messagesOf(frontend)).toEqual([undefined]);
    expect(frontend.returned).toMatchObject([{ result: { metadata: { "refs.platforms": expect.anything() } } }]);
  });

  test("is what luakit gateway is there", async () => {
    const frontend = startFrontend({ script: emptyExport, program: [executable, "gateway"] });
    expect(await frontend.ended).toEqual({ exitCode: 0, stderr: "" });
    expect(messagesOf(frontend)).toEqual([undefined]);
  });

  test("is nothing that a person starts: luakit gateway says what it is for", async () => {
    const child = Bun.spawn([executable, "gateway"], { env: {}, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    expect([await child.exited, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^error: luakit gateway talks to BuildKit.*\nhint: .*#syntax=IMAGE.*docker build/);
  });

  test("returns one error, writes nothing to stderr, and ends with 0", async () => {
    expect(await errorOf({ script: 'error("no")' })).toBe("build.lua:1: no");
  });

  test("says what a script that prints says to nobody but the daemon", async () => {
    const script = `print("to stdout") io = nil print(("x"):rep(1e6)) ${emptyExport}`;
    const frontend = startFrontend({ script });
    expect(await frontend.ended).toEqual({ exitCode: 0, stderr: "" });
    expect(messagesOf(frontend)).toEqual([undefined]);
  });

  test("ends by itself when the script can only be stopped from outside", async () => {
    const script = '(("a"):rep(40)):find(("a-"):rep(25) .. "b")';
    const frontend = startFrontend({ script, options: ["build-arg:LUAKIT_TIMEOUT=300ms"] });
    expect(await frontend.ended).toEqual({ exitCode: 1, stderr: "" });
    expect(messagesOf(frontend)).toEqual([expect.stringContaining("build.lua: the script ran for more than 0.3 s")]);
  });

  test("ends when the daemon closes the connection before it answers", async () => {
    const frontend = startFrontend({}, "silent");
    frontend.closeStdin();
    expect(await frontend.ended).toEqual({ exitCode: 1, stderr: expect.stringMatching(/^luakit: .*\n$/) });
  });

  test("ends when the daemon closes the connection while it waits for the script", async () => {
    const asked = Promise.withResolvers<void>();
    const script = () => {
      asked.resolve();
      return new Promise<string>(() => {});
    };
    const frontend = startFrontend({ script });
    await asked.promise;
    frontend.closeStdin();
    expect(await frontend.ended).toEqual({ exitCode: 1, stderr: expect.stringMatching(/^luakit: .*\n$/) });
  });

  test.each([
    ["text", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["zeros", "\0".repeat(100_000)],
    ["noise", "\u00ff\u0013\u0000\u0007".repeat(50_000)],
  ])("ends with an error when the daemon speaks %s", async (_, text) => {
    const frontend = startFrontend({}, "silent");
    frontend.write(Buffer.from(text, "latin1"));
    expect(await frontend.ended).toEqual({ exitCode: 1, stderr: expect.stringMatching(/^luakit: .*\n$/) });
  });
});

describe.concurrent("the environment of a frontend", () => {
  test.each([
    ["no JSON", "{"],
    ["empty", ""],
  ])("workers that are %s", async (_, workers) => {
    expect(await errorOf({ variables: { BUILDKIT_WORKERS: workers } })).toBe("BUILDKIT_WORKERS is no JSON");
  });

  test.each(["null", "[]", "{}", "[{}]", '[{"platforms":[]}]', '[{"platforms":null}]', '"text"', "17", "[null]"])(
    "workers %s, which name no platform",
    async (workers) => {
      const frontend = startFrontend({ script: emptyExport, variables: { BUILDKIT_WORKERS: workers } });
      expect(await frontend.ended).toEqual({ exitCode: 0, stderr: "" });
      expect(messagesOf(frontend)).toEqual([undefined]);
    },
  );

  test("options with newlines, equals signs and quotes, without a value, and far apart in their numbers", async () => {
    const variables = {
      BUILDKIT_FRONTEND_OPT_0: "build-arg:A=a=b\nc==\n",
      BUILDKIT_FRONTEND_OPT_7: `build-arg:B=${'"'}'\\ $PATH`,
      BUILDKIT_FRONTEND_OPT_1000: "build-arg:C",
      BUILDKIT_FRONTEND_OPT_x: "build-arg:D=no",
      BUILDKIT_EXPORTEDPRODUCT: undefined,
    };
    const script = `error(table.concat({os.getenv("A"), os.getenv("B"), os.getenv("C"), tostring(os.getenv("D"))}, "|"))`;
    expect(await errorOf({ script, variables })).toBe(`build.lua:1: a=b\nc==\n|"'\\ $PATH||nil`);
  });

  test("a time limit that is no duration", async () => {
    expect(await errorOf({ script: emptyExport, options: ["build-arg:LUAKIT_TIMEOUT=soon"] })).toBe(
      'build argument LUAKIT_TIMEOUT: "soon" is not a duration\nhint: write 30s or 2m',
    );
  });
});

describe.concurrent("the command line stays what it is", () => {
  const session = { BUILDKIT_SESSION_ID: "session" };
  const workers = { BUILDKIT_WORKERS: "[]" };
  const users = { BUILDKIT_HOST: "unix:///nowhere.sock", BUILDKIT_PROGRESS: "plain", BUILDKIT_COLORS: "run=red" };

  async function run(args: readonly string[], variables: Readonly<Record<string, string>>) {
    return inDirectory(async (cwd) => {
      const env = { PATH: process.env.PATH ?? "", HOME: cwd, ...variables };
      const child = Bun.spawn([executable, ...args], { cwd, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
      const [stdout, stderr] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ]);
      return { exitCode: await child.exited, stdout, stderr };
    });
  }

  test.each([
    ["what people set for BuildKit's clients", users],
    ["only a session", session],
    ["only workers", workers],
    ["only an option", { BUILDKIT_FRONTEND_OPT_0: "filename=a" }],
  ])("with %s", async (_, variables) => {
    expect(await run([], variables)).toEqual(await run([], {}));
  });

  test("with arguments, whatever the environment is", async () => {
    expect(await run(["version"], { ...users, ...session, ...workers })).toEqual(await run(["version"], {}));
    expect(await run(["nonsense"], { ...session, ...workers })).toMatchObject({ exitCode: 2 });
  });
});
