import { describe, expect, test } from "bun:test";
import { LinuxResources } from "../../src/gen/ops.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { mountOutput, type RunOptions, run } from "../../src/llb/exec.ts";
import { bindMount, cacheMount, tmpfsMount } from "../../src/llb/mount.ts";
import { scratch } from "../../src/llb/state.ts";
import type { StepDefaults } from "../../src/llb/step-defaults.ts";
import { decodeDefinition } from "../support/definition.ts";
import { alpine, define, exec } from "./sample.ts";

const none: StepDefaults = {};
const step = (defaults: Partial<StepDefaults>, options: RunOptions = {}) =>
  exec(run(alpine, "x", options, {}), { steps: { ...none, ...defaults } });

test("without any a step is what it is", () => {
  expect(step({})).toEqual(exec(run(alpine, "x", {}, {})));
});

describe("a step that says something itself", () => {
  test("keeps it", () => {
    const defaults = { hostname: "default", network: "none", cgroupParent: "/default" } as const;
    const own = { hostname: "own", network: "sandbox", cgroupParent: "/own" } as const;
    expect(step(defaults, own)).toEqual(exec(run(alpine, "x", own, {})));
    expect(step(defaults)).toMatchObject({ network: 2, meta: { hostname: "default", cgroupParent: "/default" } });
  });

  test("keeps its hosts and limits by name, and gets the others", () => {
    const { meta } = step(
      {
        hosts: [
          { name: "a", address: "10.0.0.1" },
          { name: "b", address: "10.0.0.2" },
          { name: "b", address: "::1" },
        ],
        ulimits: [
          { name: "core", soft: 0, hard: 0 },
          { name: "nofile", soft: 1, hard: 2 },
        ],
      },
      { hosts: new Map([["a", "10.9.9.9"]]), ulimits: [{ name: "nofile", soft: 7, hard: 7 }] },
    );
    expect(meta?.extraHosts.map(({ Host, IP }) => `${Host} ${IP}`)).toEqual(["a 10.9.9.9", "b 10.0.0.2", "b ::1"]);
    expect(meta?.ulimit.map(({ Name, Soft }) => `${Name} ${Soft}`)).toEqual(["nofile 7", "core 0"]);
  });

  test("keeps its /dev/shm, however it is written", () => {
    for (const mounts of [[tmpfsMount("/dev/shm", { size: 5 })], [tmpfsMount("shm", { size: 5 })]]) {
      const found = step({ shmSize: 9 }, { mounts, cwd: "/dev" }).mounts.filter(({ dest }) => dest === "/dev/shm");
      expect(found.map(({ TmpfsOpt }) => Number(TmpfsOpt?.size))).toEqual([5]);
    }
  });
});

test("a mount more leaves the outputs of others where they are", () => {
  const state = run(alpine, "x", { mounts: [bindMount(scratch, "/out", { readonly: false })] }, {});
  const copied = run(mountOutput(state, "/out"), "y", {}, {});
  const index = (steps?: StepDefaults) => {
    const { ops } = define(copied, steps === undefined ? {} : { steps });
    return ops.at(-1)?.inputs.map((input) => input.index);
  };
  expect(index({ ...none, shmSize: 9 })).toEqual(index());
  expect(index()).toEqual([1]);
});

test("a namespace stands before the ids of caches, and of nothing else", () => {
  const { mounts } = step(
    { cacheNamespace: "ns" },
    { mounts: [cacheMount("/c", { id: "go" }, {}), tmpfsMount("/t", {})] },
  );
  expect(mounts.map(({ dest, cacheOpt }) => `${dest} ${cacheOpt?.ID ?? "-"}`)).toEqual(["/ -", "/c ns/go", "/t -"]);
});

test("a proxy is told to the daemon, which sets the variables", () => {
  const proxy = { http: "http://p:1", no: "localhost" };
  const state = run(alpine, "x", {}, {});
  expect(exec(state, { steps: { proxy } }).meta?.proxyEnv).toMatchObject({
    httpProxy: "http://p:1",
    httpsProxy: "",
    noProxy: "localhost",
  });
  expect(define(state, { steps: { proxy } }).ops.at(-1)?.caps).toContain("exec.meta.proxyenv");
  expect(exec(state, { steps: {} }).meta?.proxyEnv).toBeUndefined();
});

test("limits of the cgroup lie beside the step, and its digest is the same", () => {
  const resources = LinuxResources.encode({ memory: 4096 });
  const state = run(run(alpine, "x", {}, {}), "y", {}, {});
  const limited = define(state, { steps: { ...none, resources } });
  expect(limited.terminal).toBe(define(state).terminal);
  const { metadata } = decodeDefinition(encodeDefinition(limited));
  const all = limited.ops.map(({ digest, caps }) => [
    Number(metadata[digest]?.linuxResources?.memory ?? 0),
    caps.includes("exec.meta.linux.resources"),
  ]);
  expect(all).toEqual([
    [0, false],
    [4096, true],
    [4096, true],
  ]);
});
