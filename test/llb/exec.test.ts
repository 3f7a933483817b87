import { expect, test } from "bun:test";
import { mountOutput, parseExitCodes, run } from "../../src/llb/exec.ts";
import { bindMount, cacheMount, sshMount, tmpfsMount } from "../../src/llb/mount.ts";
import { scratch, withDir, withShell } from "../../src/llb/state.ts";
import { alpine, exec, lastOp } from "./sample.ts";

const out = bindMount(scratch, "/out", { readonly: false });

test("text runs under the shell, a list as it is", () => {
  expect(exec(run(alpine, "a b", {}, {})).meta?.args).toEqual(["/bin/sh", "-c", "a b"]);
  expect(exec(run(alpine, ["a", "b"], {}, {})).meta?.args).toEqual(["a", "b"]);
  expect(exec(run(withShell(alpine, ["bash"]), "a", {}, {})).meta?.args).toEqual(["bash", "a"]);
  expect(exec(run(withShell(alpine, ["bash"]), "a", { shell: ["zsh", "-c"] }, {})).meta?.args).toEqual([
    "zsh",
    "-c",
    "a",
  ]);
});

test.each([
  ["", {}, "the command is empty"],
  [[], {}, "the command is empty"],
  [["", "x"], {}, "no program"],
  ["a\0b", {}, "NUL"],
  ["x", { cwd: "" }, "working directory is empty"],
  ["x", { shell: [] }, "shell is empty"],
  ["x", { validExitCodes: [] }, "valid_exit_codes"],
  ["x", { validExitCodes: [256] }, "valid_exit_codes"],
  ["x", { shmSize: -1 }, "size"],
  ["x", { secretsEnv: new Map([["A", { id: "" }]]) }, "secrets_env"],
  ["x", { secretsEnv: new Map([["A=", { id: "a" }]]) }, "secrets_env"],
  ["x", { shmSize: 1, mounts: [tmpfsMount("/dev/shm", {})] }, "two mounts"],
])("run(%p, %p) is refused", (command, options, message) => {
  expect(() => run(alpine, command, options, {})).toThrow(message);
});

test("scratch cannot be a read-only root", () => {
  expect(() => run(scratch, ["x"], { readonlyRoot: true }, {})).toThrow("readonly_root");
});

test("options hold for one step, but its platform goes on", () => {
  const after = run(
    alpine,
    "x",
    { cwd: "/w", user: "u", env: new Map([["A", "1"]]), platform: { os: "linux", architecture: "arm64" } },
    {},
  );
  const next = run(after, "y", {}, {});
  expect(exec(next).meta).toMatchObject({ cwd: "/", user: "", env: [] });
  expect(lastOp(next).platform?.Architecture).toBe("arm64");
});

test("only a writable bind has an output of its own", () => {
  const mounts = [out, tmpfsMount("/t", {}), cacheMount("/c", {}, {}), bindMount(withDir(alpine, "/d"), "/ro", {})];
  const after = run(alpine, "x", { mounts }, {});
  expect(mountOutput(after, "/out/").output).toMatchObject({ index: 1 });
  expect(mountOutput(after, "/ro")).toMatchObject({ output: alpine.output, dir: "/d" });
  expect(mountOutput(after, "/")).toBe(after);
  expect(() => mountOutput(after, "/t")).toThrow("a tmpfs mount has no output");
  expect(() => mountOutput(after, "/c")).toThrow("a cache mount has no output");
  expect(() => mountOutput(after, "/nope")).toThrow('no mount at "/nope"');
  expect(() => mountOutput(alpine, "/out")).toThrow("only the state that a run gave");
});

test("a mount's output has the daemon's number, whatever the order given", () => {
  const mounts = [bindMount(scratch, "/z", { readonly: false }), bindMount(scratch, "/a", { readonly: false })];
  const after = run(alpine, "x", { mounts }, {});
  const numbers = ["/a", "/z"].map((dest) => {
    const next = run(alpine, "y", { mounts: [bindMount(mountOutput(after, dest), "/in", {})] }, {});
    return lastOp(next).inputs.map(({ index }) => Number(index));
  });
  expect(numbers).toEqual([
    [0, 1],
    [0, 2],
  ]);
});

test("mounts without input say so, agents have their options", () => {
  const { mounts } = exec(run(scratch, ["x"], { mounts: [tmpfsMount("/t", {}), sshMount({}), out] }, {}));
  expect(mounts.map(({ dest, input, output }) => [dest, Number(input), Number(output)])).toEqual([
    ["/", -1, 0],
    ["/out", -1, 1],
    ["/t", -1, -1],
    ["/run/buildkit/ssh_agent.0", -1, 0],
  ]);
  expect(mounts.at(-1)?.SSHOpt?.mode).toBe(0o600);
});

test("a relative destination is below the working directory of the base image", () => {
  const after = run(withDir(alpine, "sub"), "x", { mounts: [tmpfsMount("./t/", {})] }, {});
  const configOf = () => ({ env: ["A=1"], workingDir: "/w", user: "me" });
  const { mounts, meta } = exec(after, { configOf });
  expect(mounts.at(-1)?.dest).toBe("/w/sub/t");
  expect(meta).toMatchObject({ cwd: "/w/sub", user: "me", env: ["A=1"] });
});

test("a daemon that sets no PATH is given one", () => {
  expect(exec(run(alpine, "x", {}, {}), { supported: new Set() }).meta?.env[0]).toStartWith("PATH=/usr/local/sbin:");
  const own = run(alpine, "x", { env: new Map([["PATH", "/bin"]]) }, {});
  expect(exec(own, { supported: new Set() }).meta?.env).toEqual(["PATH=/bin"]);
});

test("exit codes can be a range", () => {
  expect(parseExitCodes("3")).toEqual([3]);
  expect(parseExitCodes("0..3")).toEqual([0, 1, 2, 3]);
  for (const text of ["", "3..1", "-1", "0..256", "a", "1.."])
    expect(() => parseExitCodes(text)).toThrow("valid_exit_codes");
});
