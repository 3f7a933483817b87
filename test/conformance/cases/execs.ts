import { mkdirAction } from "../../../src/llb/action.ts";
import { mountOutput, parseExitCodes, run } from "../../../src/llb/exec.ts";
import { merge } from "../../../src/llb/merge.ts";
import { bindMount, cacheMount, secretMount, sshMount, tmpfsMount } from "../../../src/llb/mount.ts";
import type { RuntimeConfig } from "../../../src/llb/runtime.ts";
import * as states from "../../../src/llb/state.ts";
import { base, context, files, type Graph, here, step } from "./case.ts";

const config: RuntimeConfig = {
  env: ["PATH=/opt/bin:/bin", "LANG=C", "EMPTY=", "BARE", "LANG=C.UTF-8"],
  workingDir: "/srv",
  user: "nobody",
};
const local = context();
const root = base();
const env = (variables: Record<string, string>) => new Map(Object.entries(variables));
const cache = (sharing: "shared" | "private" | "locked") => cacheMount("/c", { id: "id", sharing }, here);
const configured = (state: states.State): Graph => ({ state, options: { configOf: () => config } });
const many = step({
  mounts: [
    bindMount(states.scratch, "/z", { readonly: false }),
    bindMount(local, "/b", {}),
    bindMount(local, "/c", { readonly: false }),
    cacheMount("/a", { id: "a" }, here),
  ],
});
const token = secretMount("/run/secrets/token", {});

/** The graphs of go/execs.go. */
export const execs: Readonly<Record<string, states.State | Graph>> = {
  run: step(),
  "run, list": run(root, ["/bin/true", "", "a b", "é"], {}, here),
  "run, other shell": step({ shell: ["/bin/bash", "-eo", "pipefail", "-c"] }),
  "run, on scratch": step({}, states.scratch),
  "run, long command": run(root, "echo é; ".repeat(3000), {}, here),
  "run, cwd": step({ cwd: "/w" }),
  "run, relative cwd": step({ cwd: "a/../b" }, states.withDir(root, "/w")),
  "run, cwd above the root": step({ cwd: "../../.." }, states.withDir(root, "/w")),
  "run, user": step({ user: "app:staff" }),
  "run, env": step({ env: env({ B: "2", A: "1", EMPTY: "" }) }),
  "run, env set again": step(
    { env: env({ C: "4" }) },
    states.withEnv(states.withEnv(root, env({ A: "1", B: "2" })), env({ A: "3" })),
  ),
  "run, env of one step": run(step({ env: env({ A: "2" }) }, states.withEnv(root, env({ A: "1" }))), "y", {}, here),
  "run, hostname": step({ hostname: "box" }),
  "run, network host": step({ network: "host" }),
  "run, network none": step({ network: "none" }),
  "run, insecure": step({ security: "insecure" }),
  "run, hosts": step({ hosts: env({ "a.example": "10.0.0.1", "b.example": "2001:DB8:0:0::1" }) }),
  "run, exit codes": step({ validExitCodes: [0, 1, 255] }),
  "run, exit code zero": step({ validExitCodes: parseExitCodes("0") }),
  "run, ulimits": step({
    ulimits: [
      { name: "nofile", soft: 1024, hard: 4096 },
      { name: "core", soft: 0, hard: -1 },
      { name: "nproc", soft: -1, hard: -1 },
    ],
  }),
  "run, cgroup parent": step({ cgroupParent: "/build" }),
  "run, devices": step({ devices: [{ name: "vendor.com/gpu=0" }, { name: "vendor.com/gpu=1", optional: true }] }),
  "run, platform": step({ platform: { os: "linux", architecture: "arm64" } }),
  "run, read-only root": mountOutput(
    step({ readonlyRoot: true, mounts: [bindMount(states.scratch, "/out", { readonly: false })] }),
    "/out",
  ),
  "run, read-only root result": step({ readonlyRoot: true }),
  "run, settings of the state": step(
    { hosts: env({ y: "5.6.7.8" }) },
    states.withHosts(
      states.withNetwork(
        states.withHostname(states.withUser(states.withDir(states.withEnv(root, env({ A: "1" })), "/d"), "u"), "h"),
        "host",
      ),
      env({ x: "1.2.3.4" }),
    ),
  ),
  config: configured(step()),
  "config, changed": configured(
    step({ user: "root" }, states.withDir(states.withEnv(root, env({ LANG: "de" })), "sub/dir")),
  ),
  "config, absolute cwd": configured(step({ cwd: "/abs" })),
  "config, through a file op": configured(step({}, files(root, mkdirAction("made", {})))),
  "mount, bind read-only": step({ mounts: [bindMount(local, "/src", {})] }),
  "mount, bind selector": step({ mounts: [bindMount(local, "/src", { selector: "sub" })] }),
  "mount, bind writable": step({ mounts: [bindMount(local, "/src", { readonly: false })] }),
  "mount, bind of the root": step({ mounts: [bindMount(root, "/old", {})] }, root),
  "mount, bind scratch": step({ mounts: [bindMount(states.scratch, "/new", { readonly: false })] }),
  "mount, content cache on": step({ mounts: [bindMount(local, "/src", { contentCache: "on" })] }),
  "mount, content cache off": step({ mounts: [bindMount(local, "/src", { contentCache: "off" })] }),
  "mount, cache": step({ mounts: [cache("shared")] }),
  "mount, cache private": step({ mounts: [cache("private")] }),
  "mount, cache locked": step({ mounts: [cache("locked")] }),
  "mount, cache from": step({ mounts: [cacheMount("/c", { id: "id", from: local, selector: "/sub" }, here)] }),
  "mount, cache owner": step({ mounts: [cacheMount("/c", { id: "id", uid: 1000, gid: 1001 }, here)] }),
  "mount, tmpfs": step({ mounts: [tmpfsMount("/t", {})] }),
  "mount, tmpfs size": step({ mounts: [tmpfsMount("/t", { size: 2 ** 33 })] }),
  "mount, shm size": step({ shmSize: 64 * 2 ** 20 }),
  "mount, secret": step({ mounts: [token] }),
  "mount, secret options": step({
    mounts: [secretMount("/s", { id: "id", uid: 1, gid: 2, mode: 0o440, optional: true })],
  }),
  "mount, secret mode zero": step({ mounts: [secretMount("/s", { id: "id", mode: 0 })] }),
  "secret env": step({
    secretsEnv: new Map([
      ["SECRET", { id: "id" }],
      ["OTHER", { id: "other", optional: true }],
    ]),
  }),
  "secret env and mount": step({ secretsEnv: new Map([["SECRET", { id: "id" }]]), mounts: [token] }),
  "mount, ssh": step({ mounts: [sshMount({})] }),
  "mount, ssh options": step({
    mounts: [sshMount({ dest: "/agent.sock", id: "key", uid: 5, gid: 6, mode: 0o666, optional: true })],
  }),
  "mount, two ssh": step({ mounts: [sshMount({ dest: "/first" }), sshMount({ id: "b" })] }),
  "mount, ssh with SSH_AUTH_SOCK": step({ env: env({ SSH_AUTH_SOCK: "/mine" }), mounts: [sshMount({})] }),
  "mounts, all kinds": step({
    mounts: [
      sshMount({}),
      secretMount("/aaa", { id: "s" }),
      tmpfsMount("/t", {}),
      cache("locked"),
      bindMount(local, "/b", {}),
      bindMount(states.scratch, "/o", { readonly: false }),
    ],
  }),
  "mounts, root of many": many,
  "mounts, /z of many": mountOutput(many, "/z"),
  "mounts, /b of many": mountOutput(many, "/b"),
  "mounts, /c of many": mountOutput(many, "/c"),
  "mounts, same source twice": step({
    mounts: [bindMount(local, "/y", {}), bindMount(local, "/x", { selector: "/s" })],
  }),
  "mounts, sorted by bytes": step({
    mounts: [
      bindMount(local, "/ﬀ", {}),
      bindMount(states.scratch, "/😀", { readonly: false }),
      bindMount(states.scratch, "/B", { readonly: false }),
      bindMount(states.scratch, "/a", { readonly: false }),
    ],
  }),
  "mounts, all outputs": merge([many, mountOutput(many, "/c"), mountOutput(many, "/z")], here),
};
