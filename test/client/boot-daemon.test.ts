import { expect, test } from "bun:test";
import { bootDaemon } from "../../src/client/boot-daemon.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { hostOf } from "./host.ts";

const why = new LuakitError("daemon.unreachable", "nothing listens there");

/** The error of a command that says something on stderr and fails. */
function failureOf(stderr: string): Promise<unknown> {
  const host = hostOf("/nowhere", { PATH: process.env.PATH ?? "", SAID: stderr });
  const command = ["sh", "-c", `printf '%s' "$SAID" >&2; exit 3`];
  return bootDaemon(command, "the builder", host, why).catch((error) => error);
}

test.each([
  [
    "docker: unknown command: docker buildx\n\nRun 'docker --help' for more information\n",
    "docker: unknown command: docker buildx",
  ],
  [
    "unknown flag: --bootstrap\nSee 'docker --help'.\n\nUsage:  docker [OPTIONS] COMMAND\n\nA runtime for containers\n",
    "unknown flag: --bootstrap",
  ],
  ["#1 booting buildkit\n#1 ERROR: no space\n------\n > booting:\n------\nERROR: no space\n\n", "ERROR: no space"],
  ["ERROR: no builder\nwarning: left over\n", "ERROR: no builder"],
  ["one line\nanother\n", "another"],
  ["See 'docker --help'\n", "See 'docker --help'"],
  ["\n \n", "ends with 3"],
])("the line that says what is wrong is shown: %j", async (stderr, line) => {
  const failure = await failureOf(stderr);
  expect(failure).toMatchObject({ code: "daemon.unreachable", cause: why });
  const { message } = failure as LuakitError;
  expect(message).toStartWith("the builder cannot be started: ");
  expect(message).toEndWith(line);
});

test("a command that is not there leaves the error that asked for it", async () => {
  expect(bootDaemon(["docker"], "the builder", hostOf("/nowhere"), why)).rejects.toBe(why);
});
