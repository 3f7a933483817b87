import { mkdirAction, mkfileAction, rmAction, symlinkAction } from "../../src/llb/action.ts";
import { copyAction } from "../../src/llb/action-copy.ts";
import { diff } from "../../src/llb/diff.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { mountOutput, run } from "../../src/llb/exec.ts";
import { fileOp } from "../../src/llb/file.ts";
import type { Location, SourceFile } from "../../src/llb/location.ts";
import { marshal } from "../../src/llb/marshal.ts";
import { merge } from "../../src/llb/merge.ts";
import { bindMount, cacheMount, secretMount, sshMount, tmpfsMount } from "../../src/llb/mount.ts";
import { git } from "../../src/llb/source-git.ts";
import { http } from "../../src/llb/source-http.ts";
import { image } from "../../src/llb/source-image.ts";
import { local } from "../../src/llb/source-local.ts";
import { type State, scratch, withDir, withEnv, withHosts, withMetadata, withUser } from "../../src/llb/state.ts";

const script: SourceFile = { name: "build.lua", data: "-- the script\n" };
const module: SourceFile = { name: "lib/go.lua", data: "-- a module\n" };

/** The context of a call in build.lua. */
export function at(line: number): { location: Location } {
  return { location: { source: script, line } };
}

function inModule(line: number, caller: number): { location: Location } {
  return { location: { source: module, line, caller: { source: script, line: caller } } };
}

/** A state as `luakit build` writes it. */
export function encode(state: State): Uint8Array {
  return encodeDefinition(marshal(state, { platform: { os: "linux", architecture: "amd64" } }));
}

const base = image("docker.io/library/alpine:3.20", {}, at(1));

export function hello(): State {
  return run(base, "echo hello > /greeting", {}, at(2));
}

export function goBuild(): State {
  const golang = image("docker.io/library/golang:1.25", { resolve: "always" }, inModule(3, 2));
  const source = local("context", { exclude: ["node_modules", ".git"] }, at(3));
  const files = fileOp(withDir(golang, "/src"), copyAction(source, "go.mod", "./", {}), at(4));
  const mounts = [
    cacheMount("/root/.cache/go-build", { id: "go-build", sharing: "locked" }, at(7)),
    bindMount(source, "/src", { selector: "/cmd" }),
  ];
  const built = run(
    files,
    "go build -o /out/app ./...",
    { env: new Map([["CGO_ENABLED", "0"]]), mounts, name: "compile", group: "backend" },
    inModule(9, 6),
  );
  const copied = fileOp(base, copyAction(built, "/out/app", "/usr/bin/app", { mode: "0755", owner: "app" }), at(9));
  return withMetadata(copied, { description: new Map([["why", "the app"]]), noCache: true });
}

export function everyMount(): State {
  const tools = image("docker.io/library/busybox:latest", {}, at(2));
  const mounts = [
    cacheMount("/cache", { id: "c", sharing: "private", from: tools, selector: "/seed" }, at(4)),
    cacheMount("/owned", { uid: 1000, mode: 0o700 }, at(5)),
    secretMount("/run/secrets/token", { id: "token", mode: 0o440, uid: 7, optional: true }),
    sshMount({ id: "default" }),
    tmpfsMount("/tmp", { size: 64 * 1024 * 1024 }),
    bindMount(tools, "/tools", { contentCache: "off" }),
    bindMount(scratch, "/out", { readonly: false }),
  ];
  const after = run(base, ["/bin/app", "two words", "x"], { mounts, readonlyRoot: true }, at(6));
  return fileOp(base, copyAction(mountOutput(after, "/out"), "/", "/out/", { contentsOnly: false }), at(7));
}

export function everySetting(): State {
  const settings = withUser(withEnv(base, new Map([["PATH", "/bin"]])), "app:staff");
  return run(
    withHosts(settings, new Map([["registry", "10.0.0.1"]])),
    "id",
    {
      network: "host",
      security: "insecure",
      hostname: "box",
      validExitCodes: [0, 3],
      ulimits: [{ name: "nofile", soft: 1024, hard: -1 }],
      cgroupParent: "builds",
      secretsEnv: new Map([["TOKEN", { id: "token", optional: true }]]),
      devices: [{ name: "vendor.com/gpu=all", optional: true }],
      platform: { os: "linux", architecture: "arm64" },
    },
    at(3),
  );
}

export function everyAction(): State {
  const source = local("context", {}, at(2));
  const actions = [
    mkdirAction("/etc/app", { makeParents: true, owner: { user: "app", group: 10 } }),
    mkfileAction("/etc/app/config", "key = 1\n", { mode: 0o600, created: 1_700_000_000_000_000_000n }),
    symlinkAction("/etc/app/config", "/config", {}),
    rmAction("/tmp/*", { allowWildcard: true, allowNotFound: true })[0],
    ...copyAction(source, "*.tar", "/data/", {
      unpack: true,
      include: ["*.txt"],
      exclude: ["a b"],
      requiredPaths: ["/one"],
      allowEmptyWildcard: true,
      alwaysReplace: true,
      followSymlink: true,
      createDestPath: false,
      mode: "u+x",
    }),
  ].filter((action) => action !== undefined);
  return fileOp(base, actions, at(3));
}

export function mergeAndDiff(): State {
  const left = run(base, "touch /left", {}, at(2));
  const right = run(base, "touch /right", {}, at(3));
  const sources = [git("https://github.com/moby/buildkit.git#v0.32.2", {}, at(5)), http("https://a.test/f", {}, at(6))];
  const changes = [left, right].map((state, index) => diff(base, state, at(7 + index)));
  return merge([...changes, diff(left, scratch, at(9)), ...sources], at(10));
}

/** So many steps in a row. */
export function chain(length: number): State {
  let state: State = base;
  for (let step = 0; step < length; step++) state = run(state, `echo ${step}`, {}, at(step + 2));
  return state;
}
