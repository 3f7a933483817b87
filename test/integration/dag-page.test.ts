import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "../../src/llb/digest.ts";
import { type HeadlessBrowser, type Look, type LookOptions, startBrowser } from "../support/browser.ts";
import { unique } from "../support/build.ts";
import { type LuakitResult, runLuakit, writeScript } from "../support/luakit.ts";
import { drawMermaid } from "../support/mermaid.ts";
import { buildctlBuild, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const { addr, images } = testbed();
const hostile = `</script><img src=x onerror=alert(1)> "' & \` # $$x$$ \\n %% --> [x] {y} 日本`;

const script = `-- A base, two branches and a module.
local tools = bk.image("${images.busybox}")
local source = bk.local_("context")
local steps = require("steps")
local slow = steps.slow(tools, source)
local other = tools:run({ "echo", ${JSON.stringify(hostile)} }, { name = ${JSON.stringify(hostile)} })
bk.target("app", function() return bk.merge(slow, other) end)
bk.target("docs", { default = true }, function() return slow:mkfile("/docs", tostring(bk.target_platform())) end)
`;
const steps = `local steps = {}
function steps.slow(tools, source)
  local step = tools:run("echo ${unique()} > /slow; sleep 0.3", { name = "take time", mounts = { bk.bind(source, "/src") } })
  return step:copy(source, "/", "/all")
end
return steps
`;
const many = `local base = bk.image("${images.busybox}")
local outs = {}
for s = 1, 50 do
  local step = base
  for i = 1, 39 do step = step:run("step " .. i .. " of " .. s) end
  outs[s] = step
end
bk.export(bk.merge(outs))
`;

let directory: string;
let browser: HeadlessBrowser;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "luakit-test-"));
  writeScript(directory, script, {
    "steps.lua": steps,
    "many.lua": many,
    "other.lua": `bk.export(bk.scratch():mkfile("/a", "b"))`,
    "context/file": "x",
  });
  const [started] = await Promise.all([startBrowser(), build(), luakitDag("-o", "many.html", "many.lua")]);
  browser = started;
  await Promise.all([
    luakitDag("-o", "app.html", "--target", "app"),
    luakitDag("-o", "all.html", "--target=app", "--target=docs", "--platform=linux/amd64,linux/arm64"),
    luakitDag("-o", "all.svg", "--target=app", "--target=docs", "--platform=linux/amd64,linux/arm64"),
    luakitDag("-o", "traced.html", "--target", "app", "--trace", "luakit.trace"),
    luakitDag("-o", "pb.html", "--trace", "buildctl.trace", "app.pb"),
    luakitDag("-o", "app.mmd", "--target", "app"),
  ]);
});

afterAll(async () => {
  await browser.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Builds with both clients: luakit's own trace has other digests, because its sources are bound to its session. */
async function build(): Promise<void> {
  const local = join(directory, "context");
  await luakit("build", "--target=app", "-o", "app.pb", "--no-resolve");
  const definition = readFileSync(join(directory, "app.pb"));
  const traced = `--trace=${join(directory, "buildctl.trace")}`;
  const result = await buildctlBuild({ definition, locals: { context: local }, args: [traced] });
  if (result.exitCode !== 0) throw new Error(result.stderr);
  const flags = ["--solve", "--target=app", "--trace=luakit.trace", "--progress=quiet", `--local=context=${local}`];
  await luakit("build", "--no-resolve", ...flags);
}

async function luakit(...args: string[]): Promise<LuakitResult> {
  const result = await runLuakit(args, { cwd: directory, env: { BUILDKIT_HOST: addr } });
  if (result.exitCode !== 0) throw new Error(result.stderr);
  return result;
}

function luakitDag(...args: string[]): Promise<LuakitResult> {
  return luakit("dag", ...args);
}

/** Looks at a page, which must not complain of anything. */
async function look(file: string, use: (look: Look) => Promise<void>, options: LookOptions = {}, fragment = "") {
  const opened = await browser.lookAt(join(directory, file), fragment, options);
  try {
    await use(opened);
    expect(opened.complaints).toEqual([]);
  } finally {
    await opened.close();
  }
}

async function ask(opened: Look, expression: string): Promise<string> {
  await opened.frame();
  return String(await opened.page.evaluate(expression));
}

const text = (selector: string) => `document.querySelector(${JSON.stringify(selector)})?.innerText ?? ""`;
const count = (selector: string) => `document.querySelectorAll(${JSON.stringify(selector)}).length`;

async function press(opened: Look, ...keys: string[]): Promise<void> {
  for (const key of keys) await opened.page.keyboard.press(key as "Enter");
  await opened.frame();
}

describe("the page of a graph", () => {
  test("is light or dark as the system is, and as its switch says from then on", () =>
    look("app.html", async (opened) => {
      const light = Buffer.from(await opened.screenshot());
      await opened.emulate("dark");
      const dark = Buffer.from(await opened.screenshot());
      expect(dark.equals(light)).toBe(false);
      const ground = "getComputedStyle(document.body).backgroundColor";
      expect(await ask(opened, ground)).toBe("rgb(15, 18, 22)");
      await opened.page.click("#theme");
      expect(await ask(opened, ground)).toBe("rgb(246, 247, 249)");
      await opened.page.reload();
      expect(await ask(opened, ground)).toBe("rgb(246, 247, 249)");
    }));

  test("tells of a vertex that is clicked, and a link leads there again", async () => {
    let link = "";
    await look("app.html", async (opened) => {
      const name = `[...document.querySelectorAll(".vertex")].find((each) => each.textContent.includes("take time")).id`;
      await opened.page.click(`#${await ask(opened, name)} .box`);
      const panel = await ask(opened, text("#panel"));
      for (const said of [
        "Exec",
        "take time",
        "steps.lua:3",
        "build.lua:5",
        "sleep 0.3",
        "bind /src",
        "exec.mount.bind",
      ]) {
        expect(
          panel.includes(said) || (await ask(opened, "document.querySelector('#panel').textContent")).includes(said),
        ).toBe(true);
      }
      expect(await ask(opened, text("#panel .code .here"))).toContain("local step = tools:run(");
      expect(
        await ask(opened, `[...document.querySelectorAll("#inputs .label")].map((e) => e.innerText).join()`),
      ).toContain("context");
      link = await ask(opened, "location.hash");
      expect(link).toBe(`#${await ask(opened, text("#digest"))}`);
      expect(await ask(opened, count("#world .vertex.chosen"))).toBe("1");
      // Both inputs, what copies from it, and nothing else.
      expect(await ask(opened, count("#world .vertex.near"))).toBe("3");
      await opened.page.click("#copy");
      expect(await ask(opened, text("#copy + output"))).toMatch(/copied|selected/);
      await opened.page.click("#trail-users");
      expect(await ask(opened, count("#world .vertex.out"))).toBe("3");
    });
    await look(
      "app.html",
      async (opened) => {
        expect(await ask(opened, text("#panel h2"))).toBe("take time");
        await press(opened, "Escape");
        expect(await ask(opened, "location.hash")).toBe("");
        expect(await ask(opened, count("#world .chosen"))).toBe("0");
      },
      {},
      `#${link.slice("#sha256:".length, 20)}`,
    );
  });

  test("is used by keys alone", () =>
    look("app.html", async (opened) => {
      const place = `document.getElementById("world").getAttribute("transform")`;
      const whole = await ask(opened, place);
      await press(opened, "+");
      const large = await ask(opened, place);
      expect(large).not.toBe(whole);
      await press(opened, "ArrowLeft");
      expect(await ask(opened, place)).not.toBe(large);
      await press(opened, "0");
      expect(await ask(opened, place)).toBe(whole);
      await press(opened, "/", "t", "i", "m", "e", "Enter");
      expect(await ask(opened, text("#panel h2"))).toBe("take time");
      expect(await ask(opened, text("#hits"))).toMatch(/^1 of \d$/);
      expect(Number(await ask(opened, count("#world .hit")))).toBe(
        Number(/\d$/.exec(await ask(opened, text("#hits")))) - 1,
      );
      await press(opened, "Escape", "i");
      expect(await ask(opened, text("#panel h2"))).toContain("busybox");
      await press(opened, "u", "n");
      expect(await ask(opened, count("#world .chosen"))).toBe("1");
      const all = await ask(opened, count("#world .vertex"));
      await press(opened, "l");
      expect(await ask(opened, count("#list tbody tr"))).toBe(all);
      expect(await ask(opened, count("#list tr[aria-current]"))).toBe("1");
      await press(opened, "?");
      expect(await ask(opened, `document.getElementById("help").open`)).toBe("true");
      await press(opened, "Escape", "g");
      expect(await ask(opened, `document.getElementById("stage").hidden`)).toBe("false");
      expect(await ask(opened, count("#world .vertex"))).toBe(all);
    }));

  test("leaves out kinds, and all that is not of a result or platform", () =>
    look("all.html", async (opened) => {
      const isOut = count("#world .vertex.out");
      expect(await ask(opened, isOut)).toBe("0");
      await opened.page.click(`.chip[data-kind="Exec"]`);
      expect(await ask(opened, isOut)).toBe(await ask(opened, count("#world .vertex.exec")));
      await opened.page.click(`.chip[data-kind="Exec"]`);
      const options = `[...document.querySelectorAll("#part option")].map((each) => each.innerText).join("|")`;
      expect(await ask(opened, options)).toBe(
        "All results|app linux/amd64|app linux/arm64|docs linux/amd64|docs linux/arm64|vertices for linux/amd64|vertices for linux/arm64",
      );
      await opened.page.select("#part", "plinux/arm64");
      const left = `[...document.querySelectorAll("#world .vertex:not(.out) .tag")].map((each) => each.textContent)`;
      expect(new Set((await ask(opened, left)).split(","))).toEqual(new Set(["arm64"]));
      await opened.page.select("#part", "r2");
      expect(Number(await ask(opened, isOut))).toBeGreaterThan(4);
      expect(await ask(opened, count("#world .result"))).toBe("4");
    }));

  test("shows names as they are, whatever is in them", () =>
    look("app.html", async (opened) => {
      await press(opened, "/");
      await opened.page.keyboard.type("onerror");
      await press(opened, "Enter");
      expect(await ask(opened, text("#panel h2"))).toBe(hostile);
      expect(await ask(opened, count("img"))).toBe("0");
    }));

  test("fits a phone: what is told lies over the graph and can be closed", () =>
    look(
      "traced.html",
      async (opened) => {
        expect(await ask(opened, "document.documentElement.scrollWidth")).toBe("390");
        expect(await ask(opened, "getComputedStyle(document.getElementById('panel')).display")).toBe("none");
        await opened.page.tap("#about");
        expect(await ask(opened, text("#panel"))).toContain("The build took");
        await opened.page.tap("#panel .close");
        expect(await ask(opened, "getComputedStyle(document.getElementById('panel')).display")).toBe("none");
      },
      { viewport: { width: 390, height: 844, isMobile: true, hasTouch: true } },
    ));

  test("of 2,000 vertices opens, finds and zooms", () =>
    look("many.html", async (opened) => {
      expect(await ask(opened, text("#panel"))).toContain("1952 vertices");
      expect(await ask(opened, `document.getElementById("map").hidden`)).toBe("false");
      await press(opened, "/");
      await opened.page.keyboard.type("step 39 of 50");
      await press(opened, "Enter");
      expect(await ask(opened, text("#panel h2"))).toBe("/bin/sh -c step 39 of 50");
      expect(await ask(opened, `document.getElementById("map").hidden`)).toBe("true");
      // Only what is in sight is drawn.
      expect(Number(await ask(opened, count("#world .vertex")))).toBeLessThan(200);
      expect(await ask(opened, count("#world .vertex.chosen"))).toBe("1");
      await press(opened, "Escape", "0");
      expect(await ask(opened, `document.getElementById("map").hidden`)).toBe("false");
    }));
});

describe("the trace of a build", () => {
  const slowest = `[...document.querySelectorAll("#critical li")].map((each) => each.innerText.replace(/\\s+/g, " ")).join("|")`;

  test("that buildctl wrote has the digests of the Definition", () =>
    look("pb.html", async (opened) => {
      const panel = await ask(opened, text("#panel"));
      const all = await ask(opened, count(".vertex"));
      expect(panel).toContain(`Found in the trace: ${all} of ${all} vertices by their digest.`);
      expect(await ask(opened, slowest)).toMatch(/take time (?:[3-9]\d\d ms|\d+\.\d s)/);
      await press(opened, "/", "t", "i", "m", "e", "Enter");
      expect(await ask(opened, text("#panel .run"))).toMatch(/^ran (?:[3-9]\d\d ms|\d+\.\d s), on the critical path$/);
    }));

  test("that luakit wrote is found by names where digests differ, and shows what was cached", () =>
    look("traced.html", async (opened) => {
      const panel = await ask(opened, text("#panel"));
      const all = Number(await ask(opened, count(".vertex")));
      const [, byDigest, byName] =
        /Found in the trace: (\d+) of \d+ vertices by their digest, (\d+) by their names\./.exec(panel) ?? [];
      expect(Number(byDigest) + Number(byName)).toBe(all);
      expect(Number(byName)).toBeGreaterThan(0);
      // buildctl had built it before.
      expect(await ask(opened, `[...document.querySelectorAll(".mark.good")].length`)).not.toBe("0");
      expect(panel).toContain("came from the cache");
    }));

  test("is refused for formats that show no times", async () => {
    const args = ["dag", "--format=json", "--trace=luakit.trace", "--target=app"];
    const { exitCode, stderr } = await runLuakit(args, { cwd: directory });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--trace: json shows no times");
  });
});

test("a trace of another build is told", async () => {
  const { stderr } = await luakitDag("--trace=buildctl.trace", "-o", "other.html", "other.lua");
  expect(stderr).toBe('warning: "buildctl.trace" has no vertex of this graph: it is of another build\n');
});

test("a drawing is valid SVG, light and dark, and asks nobody for anything", () =>
  look("all.svg", async (opened) => {
    const source = readFileSync(join(directory, "all.svg"), "utf8");
    expect(source).not.toMatch(/<script|href=|url\(|@import/);
    expect(
      await ask(opened, "document.documentElement.nodeName + document.querySelectorAll('parsererror').length"),
    ).toBe("svg0");
    expect(Number(await ask(opened, count(".vertex")))).toBeGreaterThan(8);
    expect(await ask(opened, count(".result"))).toBe("4");
    const ground = "getComputedStyle(document.querySelector('.ground')).fill";
    expect(await ask(opened, ground)).toBe("rgb(255, 255, 255)");
    await opened.emulate("dark");
    expect(await ask(opened, ground)).toBe("rgb(18, 22, 27)");
  }));

test("Mermaid reads its flowchart, with every name as it is", async () => {
  const labels = await drawMermaid(browser, readFileSync(join(directory, "app.mmd"), "utf8"));
  const plain = labels.map((label) => label.replaceAll("\u200b", ""));
  expect(plain.filter((label) => label.includes("take time"))).toHaveLength(1);
  const [, shown = ""] = /^#\d+ Exec (.*?)…?\n/.exec(plain.find((label) => label.includes("onerror")) ?? "") ?? [];
  expect(shown.length).toBeGreaterThan(60);
  expect(hostile).toStartWith(shown);
});

test("the name of the output chooses the format, and the flag goes before it", async () => {
  const starts = {
    "x.json": "{",
    "x.dot": "digraph",
    "x.txt": "#1 Source",
    "x.mmd": "flowchart",
    "x.svg": "<?xml",
    "x.HTML": "<!doctype",
  };
  await Promise.all(Object.keys(starts).map((name) => luakitDag("-o", name)));
  for (const [name, start] of Object.entries(starts)) {
    expect(readFileSync(join(directory, name), "utf8")).toStartWith(start);
  }
  await luakitDag("--format", "text", "-o", "x.json");
  expect(readFileSync(join(directory, "x.json"), "utf8")).toStartWith("#1 Source");
  await luakitDag("--filter", "Exec", "-o", "x.svg");
  expect(readFileSync(join(directory, "x.svg"), "utf8")).not.toContain('class="vertex source"');
});

test("every drawing is the same each time", async () => {
  const [first, second] = [await luakitDag("--format=html"), await luakitDag("--format=html")];
  expect(digestOf(first.bytes)).toBe(digestOf(second.bytes));
});
