import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync } from "node:fs";
import { type Files, inDirectory, unique, writeFiles } from "../support/build.ts";
import type { LuakitResult } from "../support/luakit.ts";
import { solve } from "../support/session-build.ts";
import { testbed } from "../support/testbed.ts";
import { openTokenRegistry } from "../support/token-registry.ts";

setDefaultTimeout(60_000);

const { host, username, password } = testbed().authRegistry;
const wrong = "wr0ng-password";

const pull = (registry = host) => `bk.export(bk.image("${registry}/busybox:latest"):run("true # ${unique()}"))`;
const build = () => `bk.export(bk.scratch():mkfile("/id", "${unique()}"))`;
/** A new repository each time: the daemon remembers what it may do in one. */
const push = (registry = host) => ["-t", `${registry}/session-${unique()}:1`, "--push"];

interface Docker {
  /** docker's configuration. */
  readonly config: unknown;
  /** What `docker-credential-mine` runs. */
  readonly helper?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const nothing: Docker = { config: {} };
const login = (registry: string, user: string, secret: string): Docker => ({
  config: { auths: { [registry]: { auth: btoa(`${user}:${secret}`) } } },
});
const helper = (registry: string, script: string): Docker => ({
  config: { credHelpers: { [registry]: "mine" } },
  helper: script,
});

/** Builds with docker's configuration in a directory of its own, and a credential helper on PATH. */
function attempt(docker: Docker, script: string, flags: readonly string[] = []): Promise<LuakitResult> {
  return inDirectory((place) => {
    const files: Files = {
      "config.json": JSON.stringify(docker.config),
      "bin/docker-credential-mine": `#!/bin/sh\n${docker.helper ?? "exit 9"}\n`,
    };
    writeFiles(place, files);
    chmodSync(`${place}/bin/docker-credential-mine`, 0o755);
    const env = { DOCKER_CONFIG: place, PATH: `${place}/bin:${process.env.PATH}`, ...docker.env };
    return solve(script, flags, { env });
  });
}

async function succeed(docker: Docker, script: string, flags: readonly string[] = []): Promise<string> {
  const { exitCode, stderr } = await attempt(docker, script, flags);
  expect(stderr).not.toContain("error:");
  expect(exitCode).toBe(0);
  return stderr;
}

async function fail(docker: Docker, script: string, flags: readonly string[] = []): Promise<string> {
  const { exitCode, stderr } = await attempt(docker, script, flags);
  expect(exitCode).toBe(1);
  return stderr;
}

// One at a time: builds that pull the same image at the same time lend each other their logins.
describe("a registry with basic auth", () => {
  test("gives an image to a login of docker's configuration", async () => {
    expect(await succeed(login(host, username, password), pull())).toContain(`[auth] sharing credentials for ${host}`);
  });

  test("takes an image from one", async () => {
    const repository = `session-${unique()}`;
    await succeed(login(host, username, password), build(), ["-t", `${host}/${repository}:1`, "--push"]);
    const headers = { authorization: `Basic ${btoa(`${username}:${password}`)}` };
    expect((await fetch(`http://${host}/v2/${repository}/tags/list`, { headers })).status).toBe(200);
  });

  test("takes the login of a credential helper", async () => {
    const answer = `printf '{"ServerURL":"${host}","Username":"${username}","Secret":"${password}"}'`;
    await succeed(helper(host, answer), pull());
    await succeed(helper(host, answer), build(), push());
  });

  test.each([
    ["pull", pull, () => [], "build.lua:1"],
    ["push", build, push, "error"],
  ])("refuses a wrong password in one error that names it and the file: %s", async (_, script, flags, place) => {
    const stderr = await fail(login(host, username, wrong), script(), flags());
    expect(stderr).toMatch(new RegExp(`^${place}: .*${host} refused the login from /\\S+/config\\.json`, "m"));
    expect(stderr).toContain(`docker login ${host}`);
    expect(stderr).not.toContain(wrong);
    expect(stderr.match(/refused the login/g)).toHaveLength(1);
  });

  test("says that a login is needed when there is none", async () => {
    expect(await fail(nothing, pull())).toMatch(
      new RegExp(`${host} wants a login, and /\\S+/config\\.json has none for it`),
    );
  });

  test("says what is wrong with a credential helper", async () => {
    const missing = await fail({ config: { credHelpers: { [host]: "none-such" } } }, pull());
    expect(missing).toContain('the credential helper "docker-credential-none-such" is not on PATH');
    const failing = await fail(helper(host, `echo ${wrong}; echo ${wrong} >&2; exit 3`), pull());
    expect(failing).toContain('the credential helper "docker-credential-mine" failed with exit code 3');
    expect(failing).not.toContain(wrong);
  });

  test("whose login is not base64 says so", async () => {
    expect(await fail({ config: { auths: { [host]: { auth: "%%%" } } } }, pull())).toContain("is not base64");
  });
});

describe("a registry with tokens", () => {
  test("gives a token for a password, fetched by us", async () => {
    const registry = openTokenRegistry();
    const me = login(registry.host, "me", "s3cret-pass");
    expect(await succeed(me, pull(registry.host))).toContain(`[auth] busybox:pull token for ${registry.host}`);
    expect(registry.asked).toContain("POST me:s3cret-pass repository:busybox:pull");
    await succeed(me, build(), push(registry.host));
    registry.stop();
  });

  test("gives a token for an identity token of a helper", async () => {
    const registry = openTokenRegistry();
    const answer = `printf '{"Username":"<token>","Secret":"s3cret-refresh"}'`;
    await succeed(helper(registry.host, answer), pull(registry.host));
    expect(registry.asked).toContain("POST s3cret-refresh repository:busybox:pull");
    registry.stop();
  });

  test("gives a token to nobody in particular", async () => {
    const registry = openTokenRegistry({ anonymous: true });
    await succeed(nothing, pull(registry.host));
    expect(registry.asked).toContain("GET anonymous repository:busybox:pull");
    registry.stop();
  });

  test("gives tokens to the daemon itself with BUILDKIT_NO_CLIENT_TOKEN", async () => {
    const registry = openTokenRegistry();
    const docker = { ...login(registry.host, "me", "s3cret-pass"), env: { BUILDKIT_NO_CLIENT_TOKEN: "1" } };
    await succeed(docker, pull(registry.host));
    expect(registry.asked).toContain("GET me:s3cret-pass repository:busybox:pull");
    registry.stop();
  });

  test("refuses a wrong password in one error that names it and the file", async () => {
    const registry = openTokenRegistry();
    const stderr = await fail(login(registry.host, "me", wrong), pull(registry.host));
    expect(stderr).toMatch(
      new RegExp(`^build.lua:1: .*${registry.host} refused the login from /\\S+/config\\.json`, "m"),
    );
    expect(stderr).toContain(`docker login ${registry.host}`);
    expect(stderr).not.toContain(wrong);
    registry.stop();
  });

  test("says that a login is needed when there is none", async () => {
    const registry = openTokenRegistry();
    expect(await fail(nothing, pull(registry.host))).toContain(`${registry.host} wants a login`);
    registry.stop();
  });
});
