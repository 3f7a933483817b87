import { describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { type CommandAddress, parseAddress } from "../../src/rpc/address.ts";
import { commandOf, dialCommand, dialEngineCommand } from "../../src/rpc/dial-command.ts";
import { record } from "./recorder.ts";

const commands: readonly (readonly [address: string, command: string])[] = [
  ["docker-container://b", "docker exec -i b buildctl dial-stdio"],
  ["docker-container://b?context=c", "docker --context=c exec -i b buildctl dial-stdio"],
  ["podman-container://b", "podman exec -i b buildctl dial-stdio"],
  ["nerdctl-container://b", "nerdctl exec -i b buildctl dial-stdio"],
  ["nerdctl-container://b?namespace=n", "nerdctl exec --namespace n -i b buildctl dial-stdio"],
  ["kube-pod://p", "kubectl --context= --namespace= exec --container= -i p -- buildctl dial-stdio"],
  [
    "kube-pod://p?context=c&namespace=n&container=k",
    "kubectl --context=c --namespace=n exec --container=k -i p -- buildctl dial-stdio",
  ],
  ["ssh://h", "ssh -- h buildctl dial-stdio"],
  ["ssh://u@h:22/run/b.sock", "ssh -l u -p 22 -- h buildctl --addr unix:///run/b.sock dial-stdio"],
];

describe("commandOf", () => {
  test.each(commands)("%s", (address, command) => {
    expect(commandOf(commandAddress(address)).join(" ")).toBe(command);
  });

  test("a container on an engine by its address", () => {
    const address = { scheme: "docker-container", container: "b", engine: "tcp://h:1" } as const;
    expect(commandOf(address).join(" ")).toBe("docker --host=tcp://h:1 exec -i b buildctl dial-stdio");
  });
});

describe("dialCommand", () => {
  test("starts the program from PATH of the variables, with its arguments", async () => {
    await withProgram("docker", 'printf "%s\\n" "$@"; cat', async (variables) => {
      const stream = await dialCommand(commandAddress("docker-container://b?context=c"), variables);
      const sink = record(stream);
      stream.write(new TextEncoder().encode("hello"));
      await sink.until(() => sink.text.endsWith("hello"));
      expect(sink.text).toBe("--context=c\nexec\n-i\nb\nbuildctl\ndial-stdio\nhello");
      stream.destroy();
    });
  });

  test("a program that is not there", async () => {
    const error = await caught(dialCommand(commandAddress("podman-container://b"), { PATH: "/nowhere" }));
    expect([error.code, error.message, error.hint ?? ""]).toEqual([
      "daemon.unreachable",
      'cannot connect to podman-container://b: the program "podman" is not on PATH',
      "install podman",
    ]);
  });

  test("a program that fails before it has sent a byte", async () => {
    await withProgram("kubectl", 'echo "pods \\"p\\" not found" >&2; exit 1', async (variables) => {
      const error = await record(await dialCommand(commandAddress("kube-pod://p"), variables)).closed;
      expect(error).toMatchObject({
        code: "daemon.unreachable",
        message: 'cannot connect to kube-pod://p: kubectl ended with exit code 1: pods "p" not found',
      });
    });
  });

  test("a program that ends after it has", async () => {
    await withProgram("nerdctl", "echo x; exit 0", async (variables) => {
      const error = await record(await dialCommand(commandAddress("nerdctl-container://b"), variables)).closed;
      expect(error).toMatchObject({
        code: "daemon.gone",
        message: "the connection to the daemon broke: nerdctl ended with exit code 0",
      });
    });
  });
});

test("dialEngineCommand reaches the engine through ssh", async () => {
  const directory = mkdtempSync(join(tmpdir(), "luakit-ssh-"));
  const log = join(directory, "log");
  await withProgram("ssh", `echo "$@" > ${log}; echo done; cat`, async (variables) => {
    const address = { scheme: "ssh", user: "u", host: "h", port: 22, socket: "/run/docker.sock" } as const;
    const stream = await dialEngineCommand(address, variables);
    const sink = record(stream);
    await sink.until(() => sink.text !== "");
    stream.destroy();
  });
  expect(readFileSync(log, "utf8").trim()).toBe(
    "-l u -p 22 -o ConnectTimeout=30 -T -- h docker --host=unix:///run/docker.sock system dial-stdio",
  );
  rmSync(directory, { recursive: true });
});

function commandAddress(text: string): CommandAddress {
  const address = parseAddress(text);
  if (["unix", "tcp", "npipe", "docker"].includes(address.scheme)) throw new Error(`${text} needs no command`);
  return address as CommandAddress;
}

/** Runs `use` with a PATH on which `name` is a shell script. */
async function withProgram(
  name: string,
  script: string,
  use: (variables: { PATH: string }) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "luakit-command-"));
  writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(directory, name), 0o755);
  try {
    await use({ PATH: `${directory}:${process.env.PATH}` });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function caught(promise: Promise<unknown>): Promise<LuakitError> {
  const error = await promise.catch((reason) => reason);
  if (error instanceof LuakitError) return error;
  throw new Error(`no LuakitError, but ${error}`);
}
