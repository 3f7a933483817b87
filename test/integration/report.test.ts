import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeReport } from "../../src/report/make-report.ts";
import { renderReport } from "../../src/report/render-report.ts";
import { log, vertex } from "../progress/messages.ts";
import { collect, finished } from "../report/builds.ts";
import { type HeadlessBrowser, type Look, startBrowser } from "../support/browser.ts";
import { emit, unique } from "../support/build.ts";
import { runLuakit } from "../support/luakit.ts";
import { startOwnBuildkitd } from "../support/own-buildkitd.ts";
import { readReport, readTold } from "../support/report.ts";
import { startLuakit } from "../support/running.ts";
import { solvedIn, solveIn } from "../support/solve.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { addr, images } = testbed();
const busybox = `bk.image("${images.busybox}")`;
const root = mkdtempSync(join(tmpdir(), "luakit-report-"));
let browser: HeadlessBrowser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(root, { recursive: true });
});

const place = () => mkdtempSync(join(root, "build-"));

/** Looks at a page, which must not have anything to complain about. */
async function look<T>(file: string, use: (look: Look) => Promise<T>): Promise<T> {
  const seen = await browser.look(file);
  try {
    const result = await use(seen);
    expect(seen.complaints).toEqual([]);
    return result;
  } finally {
    await seen.close();
  }
}

/** Text as it is seen. */
const textOf = async ({ page }: Look, selector: string): Promise<string> =>
  String(await page.evaluate(`document.querySelector(${JSON.stringify(selector)}).innerText`));

/** The labels of the rows that are drawn. */
const rowsOf = ({ page }: Look): Promise<string[]> =>
  page.$$eval(".row", (rows) => rows.map((row) => row.getAttribute("aria-label") ?? ""));

const evil = `</script><img src=x onerror="window.hacked=1"><!--<script>`;

describe.concurrent("a build", () => {
  test("that is done: the page's numbers are those of the trace, and its secrets are nowhere", async () => {
    const directory = place();
    const secret = `s3cret-${unique()}`;
    const script = `local src = bk.local_("context", { include = { "big.bin" } })
local made = ${busybox}:run("sleep 0.3; cat /run/secrets/token; echo; echo ${unique()}", {
  name = "read the token", mounts = { bk.secret("/run/secrets/token", { id = "token" }) } })
bk.export(made:copy(src, "big.bin", "/"))`;
    const flags = ["--secret", "id=token,env=TOKEN", "--trace", "trace.json", "--report", "report.html"];
    const output = ["--output", "type=tar,dest=out.tar"];
    const files = { "big.bin": new Uint8Array(300_000).fill(7) };
    await solvedIn(directory, script, [...flags, ...output], { files, env: { TOKEN: secret } });
    const html = readFileSync(join(directory, "report.html"), "utf8");
    expect(html.includes(secret)).toBe(false);
    const data = readReport(html);
    const told = readTold(join(directory, "trace.json"));
    expect(new Set(data.vertices.map(({ digest }) => digest))).toEqual(new Set(told.keys()));
    const first = Math.min(...[...told.values()].flatMap(({ runs }) => [...runs.keys()]));
    const origin = first - (data.vertices[0]?.intervals[0]?.[0] ?? 0);
    for (const { digest, intervals, name } of data.vertices) {
      const runs = [...(told.get(digest)?.runs ?? [])];
      expect(name).toBe(told.get(digest)?.name ?? "");
      expect(intervals[0]?.[0]).toBeCloseTo(Math.min(...runs.map(([start]) => start)) - origin, 1);
      expect(intervals.at(-1)?.[1]).toBeCloseTo(Math.max(...runs.map(([, end]) => end ?? 0)) - origin, 1);
    }
    const transfers = data.vertices.flatMap((each) => each.transfers);
    expect(transfers.find(({ kind }) => kind === "context")?.bytes).toBeGreaterThanOrEqual(300_000);
    expect(transfers.find(({ kind }) => kind === "export")?.bytes).toBe(statSync(join(directory, "out.tar")).size);
    await look(join(directory, "report.html"), async (page) => {
      expect(await textOf(page, "#verdict")).toStartWith("✓\n\nBuilt in ");
      expect(await textOf(page, "#facts")).toContain("build.lua");
      expect(await textOf(page, "#slowest")).toContain("read the token");
      await page.page.click("#log-list summary");
      await page.page.waitForSelector(".log-line");
      expect(await textOf(page, ".log-line .said")).toBe("***");
      expect((await rowsOf(page)).some((row) => /^read the token, ran, \d/.test(row))).toBe(true);
      expect((await page.page.$$("#graph-drawing .vertex")).length).toBe(4);
    });
  });

  test("that fails: error, the script's line, the end of the log; and no name and no log is markup", async () => {
    const directory = place();
    const script = `local name = [==[${evil}]==]
local broken = ${busybox}:run({ "sh", "-c", "echo $0; printf '\\\\033[31mred\\\\033[0m\\\\n'; echo ${unique()}; exit 7", name }, { name = name })
bk.export(broken)`;
    const { exitCode } = await solveIn(directory, script, ["--report", "report.html", "--trace", "trace.json"]);
    expect(exitCode).toBe(1);
    expect([...readTold(join(directory, "trace.json")).values()].some(({ name }) => name === evil)).toBe(true);
    await look(join(directory, "report.html"), async (page) => {
      expect(await textOf(page, "#verdict")).toStartWith("✗\n\nFailed after ");
      const error = await textOf(page, "#error");
      expect(error).toContain("exit code: 7");
      expect(error).toContain("build.lua:2");
      expect(error).toContain(`local broken = ${busybox}:run`);
      expect(error).toContain(`${evil}`);
      expect(await page.page.$eval("#error .ink1", (element) => element.textContent)).toBe("red");
      await page.page.click("#error .actions button");
      expect(await textOf(page, "#step-name")).toBe(evil);
      expect(await page.page.evaluate("window.hacked")).toBeUndefined();
      expect(await page.page.$$("img")).toEqual([]);
    });
  });

  test("that is interrupted: what ran then was stopped, and both files are whole", async () => {
    const directory = place();
    const script = `bk.export(${busybox}:run("echo begun ${unique()}; sleep 60", { name = "sleep long" }))`;
    writeFileSync(join(directory, "build.lua"), script);
    const words = ["build", "--addr", addr, "--progress", "plain", "--report", "report.html", "--trace", "trace.json"];
    const running = startLuakit(words, { cwd: directory });
    await running.wrote(/^#\d+ [\d.]+ begun/m);
    running.signal("SIGINT");
    expect((await running.ended).exitCode).toBe(130);
    expect(readFileSync(join(directory, "trace.json"), "utf8")).toEndWith("}\n");
    expect(readTold(join(directory, "trace.json")).size).toBeGreaterThan(0);
    const { result, vertices } = readReport(readFileSync(join(directory, "report.html"), "utf8"));
    expect(result).toBe("canceled");
    expect(vertices.find(({ name }) => name === "sleep long")).toMatchObject({ state: "canceled" });
    await look(join(directory, "report.html"), async (page) => {
      expect(await textOf(page, "#verdict")).toStartWith("■\n\nInterrupted after ");
    });
  });

  test("of a Definition has the lines of the script that wrote it", async () => {
    const directory = place();
    const { definition } = await emit(`local made = ${busybox}:run("echo ${unique()}")\nbk.export(made)`);
    const words = ["solve", "--addr", addr, "--report", "report.html", "-o", "type=cacheonly"];
    const { exitCode } = await runLuakit(words, { cwd: directory, stdin: definition });
    expect(exitCode).toBe(0);
    const { vertices, title } = readReport(readFileSync(join(directory, "report.html"), "utf8"));
    expect(title).toBe("Definition");
    expect(vertices.find(({ kind }) => kind === "Exec")?.excerpts?.[0]).toMatchObject({ file: "build.lua", line: 1 });
  });

  test("for several platforms has a section for each, and what they share", async () => {
    const directory = place();
    const script = `local state = bk.image("${images.multi}"):copy(bk.local_("context"), ".", "/"):mkfile("/${unique()}", "x")
bk.export(state)`;
    const flags = ["--platform", "linux/amd64,linux/arm64", "--report", "report.html", "--output", "type=cacheonly"];
    await solvedIn(directory, script, flags);
    const { sections, vertices, results } = readReport(readFileSync(join(directory, "report.html"), "utf8"));
    expect(sections).toEqual(["shared", "linux/amd64", "linux/arm64", "around the build"]);
    expect(vertices.find(({ name }) => name.startsWith("local://"))?.section).toBe(0);
    expect(results.map(({ name }) => name).sort()).toEqual(["linux/amd64", "linux/arm64"]);
  });

  test("on a daemon that runs one step at a time says which steps waited, and for how long", async () => {
    const directory = place();
    await using daemon = await startOwnBuildkitd({ maxParallelism: 1 });
    const script = `local parts = {}
for part = 1, 3 do parts[part] = ${busybox}:run("sleep 0.4; echo > /" .. part) end
bk.export(bk.merge(parts))`;
    const flags = ["--report", "report.html", "--output", "type=cacheonly"];
    await solvedIn(directory, script, flags, { addr: daemon.addr });
    const { vertices } = readReport(readFileSync(join(directory, "report.html"), "utf8"));
    const steps = vertices.filter(({ kind }) => kind === "Exec");
    const waits = steps.map(({ wait }) => (wait === undefined ? 0 : wait.to - wait.from)).sort((a, b) => a - b);
    expect(waits.length).toBe(3);
    expect(waits[1]).toBeGreaterThan(350);
    expect(waits[2]).toBeGreaterThan(700);
    const base = vertices.findIndex(({ name }) => name.startsWith("docker-image://"));
    for (const { wait, intervals } of steps) {
      if (wait !== undefined) expect(wait).toMatchObject({ input: base, to: intervals.at(-1)?.[0] });
    }
  });

  test.each(["--trace", "--report"])("with a file of %s that cannot be written does not begin", async (flag) => {
    const directory = place();
    const { exitCode, stderr } = await solveIn(directory, `bk.export(${busybox})`, [flag, "/proc/none.html"]);
    expect([exitCode, stderr]).toEqual([1, 'error: cannot write "/proc/none.html": its directory does not exist\n']);
  });
});

describe("a page", () => {
  /** A build of many steps, each of which wrote something. */
  function manySteps(count: number): string {
    const collector = collect();
    for (let step = 0; step < count; step++) {
      const inputs = step < 10 ? [] : [`sha256:s${step - 10}`, `sha256:s${step >> 1}`];
      const start = Math.floor(step / 10) * 2;
      collector.take(vertex(`s${step}`, start, start + 1 + (step % 7) / 7, { name: `compile part ${step}`, inputs }));
      collector.take(log(`s${step}`, start, `line of ${step}\n`));
    }
    const file = join(root, `many-${count}.html`);
    writeFileSync(file, renderReport(makeReport(collector, finished({ ended: finished().began + count * 200 }))));
    return file;
  }

  test("is used with keys: rows, details, zoom, search", async () => {
    await look(manySteps(40), async (seen) => {
      const { keyboard } = seen.page;
      const active = () => seen.page.$eval('.row[aria-selected="true"] .text', (row) => row.textContent);
      const press = async (...keys: readonly Parameters<typeof keyboard.press>[0][]) => {
        for (const key of keys) await keyboard.press(key);
        await seen.frame();
      };
      await press("t", "ArrowDown", "ArrowDown");
      expect(await active()).toBe("compile part 2");
      expect(await textOf(seen, "#tip")).toContain("compile part 2");
      await press("Enter");
      expect(await textOf(seen, "#step")).toContain("line of 2");
      expect(await seen.page.evaluate("document.activeElement.id")).toBe("step-name");
      await press("Escape");
      expect(await seen.page.evaluate("document.activeElement.id")).toBe("rows");
      const ticks = await textOf(seen, "#axis");
      await press("+", "+", "ArrowRight");
      expect(await textOf(seen, "#axis")).not.toBe(ticks);
      await press("0");
      expect(await textOf(seen, "#axis")).toBe(ticks);
      await press("/");
      await keyboard.type("part 39");
      await seen.frame();
      expect((await rowsOf(seen)).length).toBe(1);
      await press("Escape", "Tab");
      await seen.page.evaluate("document.activeElement.blur()");
      await press("l");
      await keyboard.type("of 3");
      // Lines are found at every letter.
      await seen.page.waitForFunction("document.querySelector('#log-count').textContent === '11 lines'");
      expect(await seen.page.evaluate("document.querySelectorAll('#log-matches mark').length")).toBeGreaterThan(0);
    });
  });

  test("with 2,000 steps draws what is seen, and finds any of them", async () => {
    await look(manySteps(2000), async (seen) => {
      const rows = await rowsOf(seen);
      expect(rows.length).toBeLessThan(60);
      expect(await seen.page.evaluate("document.querySelectorAll('*').length")).toBeLessThan(12_000);
      await seen.page.keyboard.press("t");
      await seen.page.keyboard.press("End");
      await seen.frame();
      expect((await rowsOf(seen)).at(-1)).toStartWith("compile part 199");
      await seen.page.type("#row-search", "part 1234");
      await seen.frame();
      expect(await rowsOf(seen)).toEqual([expect.stringMatching(/^compile part 1234, ran, 1\.\ds/)]);
      await seen.page.click(".row");
      expect(await textOf(seen, "#step-name")).toBe("compile part 1234");
    });
  });

  test("fits a phone", async () => {
    const seen = await browser.look(manySteps(40), { viewport: { width: 390, height: 844 } });
    expect(await seen.page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    expect(seen.complaints).toEqual([]);
    await seen.close();
  });
});
