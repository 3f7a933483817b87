import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDockerConfig } from "../../src/image/docker-config.ts";
import { asNobody } from "../support/as-nobody.ts";
import { rejectionOf } from "./failure.ts";

let root = "";
let bin = "";

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "luakit-docker-config-"));
  bin = join(root, "bin");
  await mkdir(bin);
  await helper("works", 'key=$(cat); printf \'{"ServerURL":"%s","Username":"%s","Secret":"s3cret"}\' "$key" "$key"');
  await helper("token", 'printf \'{"Username":"<token>","Secret":"refresh"}\'');
  await helper("empty", 'echo "credentials not found in native keychain"; exit 1');
  await helper("broken", 'echo "s3cret of the keychain"; exit 3');
  await helper("silent", "exit 0");
  await helper("slow", "sleep 30");
  await helper("counting", `echo asked >> ${root}/asked; printf '{"Username":"u","Secret":"s"}'`);
});

afterAll(() => rm(root, { recursive: true }));

async function helper(name: string, script: string): Promise<void> {
  const path = join(bin, `docker-credential-${name}`);
  await Bun.write(path, `#!/bin/sh\n[ "$1" = get ] || exit 9\n${script}\n`);
  await chmod(path, 0o755);
}

async function source(config: unknown, variables: Record<string, string> = {}) {
  const configDir = await mkdtemp(join(root, "config-"));
  if (config !== undefined) {
    await Bun.write(join(configDir, "config.json"), typeof config === "string" ? config : JSON.stringify(config));
  }
  return openDockerConfig({ configDir, variables: { PATH: `${bin}:/usr/bin:/bin`, ...variables } });
}

const auth = (user: string, password: string) => ({ auth: btoa(`${user}:${password}`) });

describe("auths", () => {
  test.each([
    ["docker.io", "https://index.docker.io/v1/"],
    ["docker.io", "index.docker.io"],
    ["docker.io", "docker.io"],
    ["registry-1.docker.io", "https://index.docker.io/v1/"],
    ["ghcr.io", "ghcr.io"],
    ["ghcr.io", "https://ghcr.io"],
    ["ghcr.io", "https://ghcr.io/v2/"],
    ["ghcr.io", "ghcr.io/path"],
    ["localhost:5000", "localhost:5000"],
    ["localhost:5000", "http://localhost:5000/v1/"],
    ["[::1]:5000", "https://[::1]:5000/"],
  ])("of %s are found under %s", async (host, key) => {
    expect(await (await source({ auths: { [key]: auth("u", "p:w") } }))(host)).toMatchObject({
      username: "u",
      password: "p:w",
    });
  });

  test.each([
    ["ghcr.io", "ghcr.io:443"],
    ["localhost:5000", "localhost"],
    ["io", "ghcr.io"],
    ["docker.io", "registry-1.docker.io"],
  ])("of %s are not those of %s", async (host, key) => {
    expect(await (await source({ auths: { [key]: auth("u", "p") } }))(host)).toBeUndefined();
  });

  test("the exact key goes before others", async () => {
    const get = await source({ auths: { "https://a.b": auth("u", "1"), "a.b": auth("u", "2") } });
    expect((await get("a.b"))?.password).toBe("2");
  });

  test("take plain user and password, identity and registry tokens", async () => {
    const get = await source({
      auths: {
        a: { username: "u", password: "p" },
        b: { ...auth("u", ""), identitytoken: "id" },
        c: { registrytoken: "reg" },
        d: {},
      },
    });
    expect(await get("a")).toMatchObject({ username: "u", password: "p" });
    expect(await get("b")).toMatchObject({ identityToken: "id" });
    expect(await get("c")).toMatchObject({ registryToken: "reg" });
    expect(await get("d")).toBeUndefined();
  });

  test("in DOCKER_AUTH_CONFIG go first", async () => {
    const get = await source(
      { auths: { a: auth("u", "file"), b: auth("u", "file") } },
      {
        DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { a: auth("u", "env") } }),
      },
    );
    expect((await get("a"))?.password).toBe("env");
    expect((await get("b"))?.password).toBe("file");
  });

  test("say where they were found", async () => {
    const get = await source({ auths: { a: auth("u", "p") }, credHelpers: { b: "works" } });
    expect((await get("a"))?.origin).toMatch(/^\/.*\/config\.json$/);
    expect((await get("b"))?.origin).toMatch(/^docker-credential-works, which \/.*\/config\.json names$/);
  });

  test("a missing or empty config.json has none", async () => {
    expect(await (await source(undefined))("a")).toBeUndefined();
    expect(await (await source(""))("a")).toBeUndefined();
    expect(await (await source({ auths: null }))("a")).toBeUndefined();
  });

  test("a config.json that cannot be read is an error with the reason", async () => {
    const configDir = await mkdtemp(join(root, "config-"));
    const path = join(configDir, "config.json");
    await mkdir(path);
    const ask = () => rejectionOf(openDockerConfig({ configDir, variables: {} })("a"));
    const directory = { code: "file.read", message: `cannot read ${path}: it is a directory` };
    expect(await ask()).toMatchObject(directory);
    await rm(path, { recursive: true });
    await Bun.write(path, "{}");
    if (process.getuid?.() !== 0) return;
    const denied = { code: "file.read", message: `cannot read ${path}: permission denied` };
    await asNobody([], async () => expect(await ask()).toMatchObject(denied));
  });

  test("a broken config.json is named", async () => {
    const error = await rejectionOf((await source("{"))("a"));
    expect(error.code).toBe("file.read");
    expect(error.message).toMatch(/config\.json is not a JSON object$/);
  });

  test("a broken auth is named by its host, without its text", async () => {
    for (const text of ["%%%", btoa("nocolon"), btoa(":nouser")]) {
      const error = await rejectionOf((await source({ auths: { "a.b": { auth: text } } }))("a.b"));
      expect(error.message).toMatch(/^the login for a\.b in \/.*config\.json is not base64 of "user:password"$/);
    }
  });
});

describe("credential helpers", () => {
  test("are asked with the key of the host", async () => {
    const get = await source({ credsStore: "works" });
    expect(await get("ghcr.io")).toMatchObject({ username: "ghcr.io", password: "s3cret" });
    expect(await get("docker.io")).toMatchObject({ username: "https://index.docker.io/v1/" });
  });

  test("the user <token> stands for an identity token", async () => {
    expect(await (await source({ credsStore: "token" }))("a")).toMatchObject({ identityToken: "refresh" });
  });

  test("one named for a host goes before the store; an empty name means the file", async () => {
    const get = await source({
      credsStore: "broken",
      credHelpers: { a: "token", b: "" },
      auths: { b: auth("u", "p") },
    });
    expect(await get("a")).toMatchObject({ identityToken: "refresh" });
    expect(await get("b")).toMatchObject({ username: "u", password: "p" });
  });

  test("one that knows nothing is no error", async () => {
    expect(await (await source({ credsStore: "empty" }))("a")).toBeUndefined();
  });

  test("are asked again when what they said is nearly five minutes old, and after a failure", async () => {
    const configDir = await mkdtemp(join(root, "config-"));
    const count = join(configDir, "count");
    await helper("aging", `echo x >> ${count}; [ -e ${count}.bad ] && exit 3; printf '{"Username":"u","Secret":"s"}'`);
    await Bun.write(join(configDir, "config.json"), JSON.stringify({ credsStore: "aging" }));
    let time = 0;
    const get = openDockerConfig({ configDir, variables: { PATH: `${bin}:/usr/bin:/bin` } }, () => time);
    const asked = async () => (await Bun.file(count).text()).length / 2;
    await get("a");
    time = 289_000;
    await get("a");
    expect(await asked()).toBe(1);
    time = 290_000;
    await get("a");
    expect(await asked()).toBe(2);
    await Bun.write(`${count}.bad`, "");
    await rejectionOf(get("b"));
    await rejectionOf(get("b"));
    expect(await asked()).toBe(4);
  });

  test("run one at a time", async () => {
    const configDir = await mkdtemp(join(root, "config-"));
    const lock = join(configDir, "lock");
    await helper("alone", `mkdir ${lock} || exit 7; sleep 0.05; rmdir ${lock}; printf '{"Username":"u","Secret":"s"}'`);
    await Bun.write(join(configDir, "config.json"), JSON.stringify({ credsStore: "alone" }));
    const get = openDockerConfig({ configDir, variables: { PATH: `${bin}:/usr/bin:/bin` } });
    const found = await Promise.all(["a", "b", "c"].map(get));
    expect(found.map((each) => each?.username)).toEqual(["u", "u", "u"]);
  });

  test("are asked once for a host", async () => {
    const get = await source({ credsStore: "counting" });
    await Promise.all([get("a"), get("a"), get("b")]);
    expect((await Bun.file(join(root, "asked")).text()).split("\n")).toHaveLength(3);
  });

  test("one that is missing is named", async () => {
    const error = await rejectionOf((await source({ credsStore: "nope" }))("a"));
    expect(error.code).toBe("image.resolve");
    expect(error.message).toBe('the credential helper "docker-credential-nope" is not on PATH');
    expect(error.hint).toContain("credsStore");
  });

  test("a name with a slash runs nothing", async () => {
    expect((await rejectionOf((await source({ credsStore: "../works" }))("a"))).message).toContain("is not on PATH");
  });

  test("one that fails is named without its output", async () => {
    const error = await rejectionOf((await source({ credsStore: "broken" }))("a"));
    expect(error.message).toBe('the credential helper "docker-credential-broken" failed with exit code 3');
    expect(`${error.message}${error.hint}`).not.toContain("s3cret");
  });

  test("one that says nothing is named", async () => {
    const error = await rejectionOf((await source({ credsStore: "silent" }))("a"));
    expect(error.message).toContain("did not answer with a JSON object");
  });
});
