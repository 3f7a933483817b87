import { describe, expect, test } from "bun:test";
import { type BuildOptions, buildTree, unique } from "./build.ts";
import { unlessNewest } from "./role.ts";
import { testbed } from "./testbed.ts";

/** A step that looks at its own surroundings. */
export interface Probe {
  /** The behaviour, which is the test's name. */
  readonly title: string;
  /** The shell command whose output is looked at; how it exits does not matter. */
  readonly run: string;
  /** The State that it runs on, as Lua: `base` (busybox) unless told otherwise. */
  readonly on?: string;
  /** What stands in the options table of `state:run`, as Lua. */
  readonly options?: string;
  /** The whole output without white space around it, or what it matches. */
  readonly expect: string | RegExp;
}

export interface ProbeOptions extends BuildOptions {
  /** Lua before the steps; a function is called for each build. */
  readonly setup?: string | (() => string);
}

/** Registers one test per probe; all of them run in one build, or each in its own on a daemon that cannot do all. */
export function testProbes(name: string, probes: readonly Probe[], options: ProbeOptions = {}): void {
  describe.concurrent(name, () => {
    let outputs: Promise<readonly string[] | undefined> | undefined;
    for (const [index, probe] of probes.entries()) {
      test(probe.title, async () => {
        outputs ??= runProbes(probes, options).catch(unlessNewest);
        const all = await outputs;
        const output = all === undefined ? (await runProbes([probe], options))[0] : all[index];
        if (typeof probe.expect === "string") expect(output).toBe(probe.expect);
        else expect(output).toMatch(probe.expect);
      });
    }
  });
}

/** What each step wrote, in their order. Every step is new to the daemon, so that it really runs. */
export async function runProbes(
  probes: readonly Omit<Probe, "title" | "expect">[],
  options: ProbeOptions = {},
): Promise<readonly string[]> {
  const { setup = "", ...rest } = options;
  const before = typeof setup === "string" ? setup : setup();
  const steps = probes.map(
    ({ run, on = "base", options: given = "" }, index) => `probe(${index}, ${on}, ${quote(run)}, {${given}})`,
  );
  const tree = await buildTree([prelude(), before, ...steps, "bk.export(outputs)"].join("\n"), rest);
  return probes.map((_, index) => tree.text(`/o/${index}`).trim());
}

/** Text as a Lua string. */
export function quote(text: string): string {
  return `[===[\n${text}]===]`;
}

const prelude = () => `
local base = bk.image("${testbed().images.busybox}")
local configured = bk.image("${testbed().images.configured}")
local outputs = bk.scratch():mkdir("/o")
-- Old daemons take their umask off the modes that file operations ask for.
local place = bk.scratch():copy(base:run("mkdir /place && mkdir -m 777 /place/o"), "/place", "/")
local function probe(index, state, command, options)
  options.mounts = options.mounts or {}
  table.insert(options.mounts, bk.bind(place, "/probe", {readonly = false}))
  local script = "{ " .. command .. "\\n} > /probe/o/" .. index .. " 2>&1\\ntrue # ${unique()}"
  outputs = outputs:copy(state:run(script, options):mount("/probe"), "/o/" .. index, "/o/")
end`;
