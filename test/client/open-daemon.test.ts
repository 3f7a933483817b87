import { expect, test } from "bun:test";
import { join } from "node:path";
import { openDaemon } from "../../src/client/open-daemon.ts";
import { inDirectory } from "../support/build.ts";
import { hostOf } from "./host.ts";

const bare = hostOf("/nowhere");

test("two flags that each name a daemon are refused", async () => {
  await expect(openDaemon({ address: "unix:///x", builder: "y" }, bare)).rejects.toMatchObject({
    code: "usage",
    message: "--addr and --builder each name a daemon; give one of them",
  });
  await expect(openDaemon({ builder: "y", daemonless: true }, bare)).rejects.toMatchObject({ code: "usage" });
});

test("TLS needs an address", async () => {
  await expect(openDaemon({ tls: { ca: "/ca" } }, bare)).rejects.toMatchObject({
    code: "usage",
    hint: "add --addr tcp://HOST:1234",
  });
});

test("an address that makes no sense is refused, and BUILDKIT_HOST is named", async () => {
  await expect(openDaemon({ address: "x" }, bare)).rejects.toThrow('address "x" has no scheme');
  const host = hostOf("/nowhere", { BUILDKIT_HOST: "x" });
  await expect(openDaemon({}, host)).rejects.toThrow('BUILDKIT_HOST: address "x" has no scheme');
});

test("--addr goes before BUILDKIT_HOST, and neither falls back to another daemon", () =>
  inDirectory(async (directory) => {
    const [first, second] = [join(directory, "a.sock"), join(directory, "b.sock")];
    const host = hostOf(directory, { BUILDKIT_HOST: `unix://${second}` });
    const reach = (address?: string) => openDaemon({ address }, host);
    await expect(reach(`unix://${first}`)).rejects.toThrow(
      `cannot connect to unix://${first}: there is no such socket`,
    );
    await expect(reach()).rejects.toThrow(`cannot connect to unix://${second}: there is no such socket`);
  }));

test("--builder goes before BUILDKIT_HOST", async () => {
  const host = hostOf("/nowhere", { BUILDKIT_HOST: "unix:///nowhere.sock" });
  await expect(openDaemon({ builder: "mine" }, host)).rejects.toThrow('there is no buildx builder "mine"');
});

test("an empty address or BUILDKIT_HOST counts as none, and the error lists every place", () =>
  inDirectory(async (directory) => {
    const variables = { BUILDKIT_HOST: "", DOCKER_HOST: `unix://${directory}/docker.sock` };
    const failure = openDaemon({ address: "" }, { ...hostOf(directory, variables), system: "none" });
    await expect(failure).rejects.toMatchObject({
      code: "daemon.unreachable",
      message: [
        "there is no BuildKit daemon to talk to",
        "  unix:///var/run/buildkit/buildkitd.sock: there is no such socket",
        `  the Docker Engine at unix://${directory}/docker.sock: there is no such socket`,
        "  a private buildkitd: there is no buildkitd on PATH",
      ].join("\n"),
    });
  }));
