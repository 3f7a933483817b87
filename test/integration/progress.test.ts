import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { Screen } from "../progress/screen.ts";
import { inDirectory, luakit, unique } from "../support/build.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { addr, images } = testbed();
const busybox = `bk.image("${images.busybox}")`;

/** A script with one step, and what its command writes that no other build has written. */
function stepScript(command: string): string {
  return `bk.export(${busybox}:run([[echo ${unique()} > /dev/null; ${command}]], { name = "the step" }))`;
}

interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with everything written so far, whenever something was written. */
  readonly watch?: (text: string, build: { interrupt(): void; resize(columns: number, rows: number): void }) => void;
}

interface TerminalResult {
  readonly exitCode: number;
  readonly text: string;
  readonly screen: Screen;
}

/** Runs `luakit build --solve` in a real pseudo-terminal, and shows what it writes on a screen of the same size. */
function solveInTerminal(script: string, options: TerminalOptions = {}): Promise<TerminalResult> {
  const { columns = 80, rows = 24, env = {}, watch = () => {} } = options;
  return inDirectory(async (directory) => {
    writeScript(directory, script);
    const screen = new Screen(columns, rows);
    const decoder = new TextDecoder();
    let text = "";
    const terminal = new Bun.Terminal({
      cols: columns,
      rows,
      data(_, bytes) {
        const part = decoder.decode(bytes, { stream: true });
        text += part;
        watch(text, {
          interrupt: () => child.kill("SIGINT"),
          resize: (columns, rows) => terminal.resize(columns, rows),
        });
      },
    });
    const child = Bun.spawn([luakit, "build", "--solve", "--addr", addr, "--output=type=cacheonly", "build.lua"], {
      cwd: directory,
      env: {
        PATH: process.env.PATH ?? "",
        HOME: join(directory, "home"),
        TERM: "xterm-256color",
        NO_COLOR: "1",
        ...env,
      },
      terminal,
    });
    const exitCode = await child.exited;
    await Bun.sleep(50);
    terminal.close();
    screen.write(text);
    return { exitCode, text, screen };
  });
}

describe.concurrent("on a terminal", () => {
  test("the finished list stays, with the summary below and the cursor at its end", async () => {
    const { exitCode, screen } = await solveInTerminal(stepScript("echo hello; sleep 0.5"));
    const lines = screen.text().split("\n");
    expect(exitCode).toBe(0);
    expect(lines[0]).toMatch(/^\[\+\] Building \d+\.\ds \((\d+)\/\1\) FINISHED$/);
    expect(lines.find((line) => line.includes("the step"))).toMatch(/^ ✔ the step +\d\.\ds$/);
    expect(lines.at(-1)).toMatch(/^(✔ Built in \d+\.\ds \(\d+ steps(, \d+ cached)?\)| {2}\S+ .*)$/);
    expect(screen.cursor.hidden).toBe(false);
    expect(screen.cursor.column).toBe(0);
  });

  test("running steps show the last lines of their logs", async () => {
    const { text } = await solveInTerminal(stepScript("for i in 1 2 3 4 5 6 7 8 9; do echo line $i; done; sleep 0.8"));
    expect(text).toContain("   │ line 9");
    expect(text).toContain("the step");
  });

  test("what a step writes cannot drive the terminal", async () => {
    const hostile = "\\033[2J\\033[H\\033]0;title\\007\\033[?1049h\\033c\\302\\2332Jharmless\\n";
    const { text, screen } = await solveInTerminal(stepScript(`printf '${hostile}'; sleep 0.8`));
    expect(text).toContain("   │ harmless");
    // The screen refuses all sequences that are not those of frames.
    expect(screen.text()).toContain("✔ the step");
    expect([...text.matchAll(/\p{Cc}\[[0-9;?]*[a-zA-Z]|\p{Cc}[^[]/gu)].map(([found]) => found)).not.toContain(
      "\u001bc",
    );
  });

  test("a failed step ends with its log, and then the error", async () => {
    const { exitCode, screen } = await solveInTerminal(stepScript("echo first; echo last words; exit 7"), {
      columns: 300,
    });
    const text = screen.text();
    expect(exitCode).toBe(1);
    expect(text).toMatch(/^\[\+\] Building .* FAILED$/m);
    expect(text).toMatch(/^ ✘ the step +ERROR +\d\.\ds$/m);
    expect(text).toMatch(/^------\n > the step:\n\d\.\d{3} first\n\d\.\d{3} last words\n------$/m);
    expect(text.indexOf("exit code: 7")).toBeGreaterThan(text.lastIndexOf("------"));
  });

  test("an interrupted build is shown as canceled", async () => {
    let interrupted = false;
    const { exitCode, screen } = await solveInTerminal(stepScript("echo started; sleep 30"), {
      watch(text, build) {
        if (interrupted || !text.includes("│ started")) return;
        interrupted = true;
        build.interrupt();
      },
    });
    expect(exitCode).toBe(130);
    expect(screen.text()).toMatch(/CANCELED/);
    expect(screen.cursor.hidden).toBe(false);
  });

  test("the window may change its size", async () => {
    let before = 0;
    const { exitCode, text } = await solveInTerminal(stepScript("echo started; sleep 1"), {
      watch(shown, build) {
        if (before > 0 || !shown.includes("│ started")) return;
        before = shown.length;
        build.resize(40, 10);
      },
    });
    expect(exitCode).toBe(0);
    // A frame may have been under way.
    const lines = text.slice(text.indexOf("[+] Building", before + 200)).split(/\r*\n/);
    expect(before).toBeGreaterThan(0);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => Bun.stringWidth(line) >= 40)).toEqual([]);
  });
});

describe.concurrent("in a pipe", () => {
  const run = (script: string, flags: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    inDirectory((directory) => {
      writeScript(directory, script);
      return runLuakit(["build", "--solve", "--addr", addr, ...flags, "build.lua"], { cwd: directory, env });
    });

  test("auto is plain", async () => {
    const { stderr, stdout } = await run(stepScript("echo hello"), []);
    expect(stderr).toMatch(/^#\d+ the step\n#\d+ \d\.\d{3} hello\n#\d+ DONE \d\.\ds$/m);
    expect(stderr).not.toContain("\u001b");
    expect(stdout).toBe("");
  });

  test("rawjson is one object of the stream per line", async () => {
    const { stderr } = await run(stepScript("echo hello"), ["--progress=rawjson"]);
    const messages = stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const keys = new Set(messages.flatMap((message) => Object.keys(message)));
    expect([...keys].sort()).toEqual(["logs", "statuses", "vertexes"]);
    const logs = messages.flatMap(({ logs = [] }) => logs.map(({ data }: { data: string }) => atob(data)));
    expect(logs.join("")).toBe("hello\n");
  });

  test("quiet says nothing but errors, none not even those of steps", async () => {
    expect((await run(stepScript("true"), ["--progress=quiet"])).stderr).toBe("");
    const quiet = await run(stepScript("echo last words; exit 1"), ["--progress=quiet"]);
    expect(quiet.stderr).toMatch(/^------\n > the step:\n\d\.\d{3} last words\n------\n/);
    const none = await run(stepScript("echo last words; exit 1"), ["--progress=none"]);
    expect(none.stderr).not.toContain("last words\n------");
    expect(none.exitCode).toBe(1);
  });

  test("BUILDKIT_PROGRESS is obeyed, and GitHub Actions get groups", async () => {
    const env = { BUILDKIT_PROGRESS: "rawjson" };
    expect((await run(stepScript("true"), [], env)).stderr).toStartWith("{");
    const { stderr } = await run(stepScript("echo hello"), [], { GITHUB_ACTIONS: "true" });
    expect(stderr).toMatch(/^::group::#(\d+) the step\n#\1 \d\.\d{3} hello\n#\1 DONE \d\.\ds\n::endgroup::$/m);
  });
});
