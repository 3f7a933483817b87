import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { inDirectory, luakit } from "../support/build.ts";
import { runLuakit } from "../support/luakit.ts";

setDefaultTimeout(60_000);

const nobody = { program: ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", luakit] };
const advice = "join the group that owns the socket, or run as root";

/** A home that anybody may look into, with a directory `closed` that nobody but root may enter. */
function inHome<T>(use: (home: string, closed: string) => Promise<T>): Promise<T> {
  return inDirectory((home) => {
    chmodSync(home, 0o755);
    const closed = join(home, "closed");
    mkdirSync(closed, { mode: 0o700 });
    return use(home, closed);
  });
}

describe.skipIf(process.getuid?.() !== 0)("what may not be looked at is not missing:", () => {
  test("a socket, by its directory or by itself", () =>
    inHome(async (home, closed) => {
      const open = join(home, "engine.sock");
      const server = createServer().listen(open);
      await new Promise((resolve) => server.once("listening", resolve));
      chmodSync(open, 0o600);
      try {
        for (const socket of [join(closed, "engine.sock"), open]) {
          const env = { DOCKER_HOST: `unix://${socket}` };
          const { exitCode, stderr } = await runLuakit(["info"], { cwd: home, env, ...nobody });
          expect(stderr).toContain(`  the Docker Engine at unix://${socket}: permission denied: ${advice}\n`);
          expect(exitCode).toBe(125);
          const named = await runLuakit(["info", "--addr", `unix://${socket}`], { cwd: home, ...nobody });
          expect(named.stderr).toBe(`error: cannot connect to unix://${socket}: permission denied\nhint: ${advice}\n`);
        }
      } finally {
        server.close();
      }
    }));

  test("the store of buildx", () =>
    inHome(async (home, closed) => {
      mkdirSync(join(closed, "instances"));
      writeFileSync(join(closed, "instances/good"), "{}");
      const env = { BUILDX_CONFIG: closed };
      const { exitCode, stderr } = await runLuakit(["info", "--builder", "good"], { cwd: home, env, ...nobody });
      expect([exitCode, stderr]).toEqual([125, `error: cannot read ${closed}/instances/good: permission denied\n`]);
    }));

  test("docker's contexts, and which of them is the current one", () =>
    inHome(async (home, closed) => {
      const env = { DOCKER_CONFIG: closed, BUILDX_CONFIG: join(home, "none") };
      const named = await runLuakit(["info", "--builder", "far"], { cwd: home, env, ...nobody });
      expect([named.exitCode, named.stderr]).toEqual([
        125,
        expect.stringMatching(/^error: cannot read .*\/meta\.json: permission denied\n$/),
      ]);
      const found = await runLuakit(["info"], { cwd: home, env, ...nobody });
      expect(found.stderr).toContain(`  the Docker Engine: cannot read ${closed}/config.json: permission denied\n`);
    }));

  test("the directory of --tlsdir", () =>
    inHome(async (home, closed) => {
      const args = ["info", "--addr", "tcp://127.0.0.1:1", "--tlsdir", closed];
      const { exitCode, stderr } = await runLuakit(args, { cwd: home, ...nobody });
      const text = `error: cannot read the TLS directory ${closed}: permission denied\n`;
      expect([exitCode, stderr]).toEqual([1, text]);
      chownSync(closed, 65534, 65534);
      const empty = await runLuakit(args, { cwd: home, ...nobody });
      expect([empty.exitCode, empty.stderr]).toEqual([2, expect.stringContaining("has no ca.pem or ca.crt")]);
    }));
});
