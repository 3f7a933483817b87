import { LuakitError } from "../diagnostic/luakit-error.ts";
import { mountOutput, type RunOptions, run } from "../llb/exec.ts";
import type { Mount } from "../llb/mount.ts";
import { cleanPath } from "../llb/path.ts";
import { oneOf, optional } from "../lua/compose.ts";
import type { KindValue } from "../lua/kind.ts";
import { text } from "../lua/scalar.ts";
import { list } from "../lua/table.ts";
import { contextOf, define } from "./define.ts";
import { stateHandle } from "./handles.ts";
import { filled } from "./kinds/text.ts";
import { runOptions } from "./run-options.ts";

const returns = { type: "State", handle: stateHandle };

export const stateRun = define({
  name: "state:run",
  doc: "Runs a command. Text runs in the shell, a list runs as it is. Environment, working directory and user start from the base image, then the State's own settings, then the options.",
  self: stateHandle,
  params: [
    { name: "cmd", kind: oneOf(filled, list(text, { min: 1 })), doc: "The command." },
    { name: "opts", kind: optional(runOptions) },
  ],
  returns,
  example:
    'local built = bk.image("golang:1.25"):run("go build -o /out/app .", {cwd = "/src", env = {CGO_ENABLED = "0"}})\nbk.export(built)',
  run: (call, command, given) =>
    run(call.self, command, given === undefined ? none : toOptions(command, given), contextOf(call)),
});

const none: RunOptions = {};

function toOptions(command: string | readonly string[], given: KindValue<typeof runOptions>): RunOptions {
  if (given.shell !== undefined && typeof command !== "string") {
    throw new LuakitError("script.option", 'option "shell": a list runs without a shell', {
      hint: "give the command as text, or leave shell out",
    });
  }
  if (given.readonly_root === true && !(given.mounts ?? []).some(isWritable)) {
    throw new LuakitError("script.option", 'option "readonly_root": the step leaves nothing, so it would never run', {
      hint: 'add bk.bind(bk.scratch(), "/out", {readonly = false}) and go on with after:mount("/out")',
    });
  }
  return {
    cwd: given.cwd,
    user: given.user,
    env: given.env,
    network: given.network,
    security: given.security,
    mounts: given.mounts,
    hostname: given.hostname,
    validExitCodes: given.valid_exit_codes,
    secretsEnv: given.secrets_env,
    hosts: given.hosts,
    ulimits: given.ulimits,
    cgroupParent: given.cgroup_parent,
    shmSize: given.shm_size,
    devices: given.devices,
    readonlyRoot: given.readonly_root,
    shell: given.shell,
    noCache: given.no_cache,
    name: given.name,
    group: given.group,
    platform: given.platform,
  };
}

export const stateMount = define({
  name: "state:mount",
  doc: "What a step left in one of its writable bind mounts. The State must be the one that `run` gave.",
  self: stateHandle,
  params: [{ name: "dest", kind: filled, doc: "The destination of the mount." }],
  returns,
  example:
    'local after = bk.image("alpine"):run("date > /out/date", {mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}})\nbk.export(after:mount("/out"))',
  run: (call, dest) => {
    const op = call.self.exec?.op;
    const mount = op?.type === "exec" ? op.mounts.find((each) => isAt(each, dest)) : undefined;
    if (mount?.type !== "bind" || !mount.readonly) return mountOutput(call.self, dest);
    throw new LuakitError("script.argument", `the mount at "${dest}" is read-only: the step leaves nothing there`, {
      hint: `write bk.bind(state, "${dest}", {readonly = false})`,
    });
  },
});

function isWritable(mount: Mount): boolean {
  return mount.type === "bind" && !mount.readonly;
}

function isAt(mount: Mount, dest: string): boolean {
  return mount.dest !== undefined && cleanPath(mount.dest) === cleanPath(dest);
}
