import { expect, test } from "bun:test";
import { join } from "node:path";
import { dialLoadEngine } from "../../src/client/load-engine.ts";
import { inDirectory } from "../support/build.ts";
import { hostOf } from "./host.ts";

const { signal } = new AbortController();

test("an engine that is not there is told with what it is needed for", () =>
  inDirectory(async (home) => {
    const host = hostOf(home, { DOCKER_HOST: `unix://${home}/docker.sock` });
    const error = await dialLoadEngine(undefined, host, signal).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: "daemon.unreachable",
      message:
        "--load, or type=docker without dest, needs a Docker Engine: " +
        `cannot connect to unix://${home}/docker.sock: there is no such socket`,
      hint: "start Docker, name an engine with DOCKER_HOST, or write an archive: -o type=docker,dest=FILE",
    });
  }));

test("an error that knows what to do keeps its hint", () =>
  inDirectory(async (home) => {
    const error = await dialLoadEngine("gone", hostOf(home), signal).catch((thrown) => thrown);
    expect(error.message).toContain('needs a Docker Engine: the docker context "gone": there is no docker context');
    expect(error.hint).toBe("docker context ls");
  }));

test("an engine that listens is connected to", () =>
  inDirectory(async (home) => {
    const socket = join(home, "docker.sock");
    using _ = Bun.listen({ unix: socket, socket: { data: () => {} } });
    const { address, bytes } = await dialLoadEngine(
      undefined,
      hostOf(home, { DOCKER_HOST: `unix://${socket}` }),
      signal,
    );
    expect(address.engine).toEqual({ scheme: "unix", path: socket });
    bytes.destroy();
  }));
