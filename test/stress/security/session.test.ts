import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Content } from "../../../src/gen/content.ts";
import { Auth, FileSync } from "../../../src/gen/filesync.ts";
import { Health } from "../../../src/gen/health.ts";
import { Secrets } from "../../../src/gen/secrets.ts";
import { SSH } from "../../../src/gen/ssh.ts";
import { openDockerConfig } from "../../../src/image/docker-config.ts";
import type { Channel } from "../../../src/rpc/channel.ts";
import type { Metadata } from "../../../src/rpc/metadata.ts";
import type { Service } from "../../../src/rpc/server.ts";
import { auth } from "../../../src/session/auth.ts";
import { content } from "../../../src/session/content.ts";
import { ContentStore } from "../../../src/session/content-store.ts";
import { fileSync } from "../../../src/session/file-sync.ts";
import { health } from "../../../src/session/health.ts";
import { secrets } from "../../../src/session/secrets.ts";
import { ssh } from "../../../src/session/ssh.ts";
import { openCaller, openTalk } from "../../session/caller.ts";
import { effort, tell } from "../effort.ts";
import { receiveFiles } from "./hostile-receiver.ts";

setDefaultTimeout(Math.max(60_000, effort(0, 3_600_000)));

const root = mkdtempSync(join(tmpdir(), "luakit-test-"));
const context = join(root, "context");
const victim = join(root, "victim");
const agent = Bun.listen({
  unix: join(root, "agent"),
  socket: {
    data(socket, bytes) {
      reached.push(...bytes.subarray(4, 5));
      socket.write(noKeys);
    },
  },
});
const noKeys = Uint8Array.of(0, 0, 0, 5, 12, 0, 0, 0, 0);
/** Types of the messages that reached the agent. */
const reached: number[] = [];
let channel: Channel;

beforeAll(async () => {
  for (const path of [context, victim, join(context, "dir"), join(root, "layout/blobs/sha256")])
    mkdirSync(path, { recursive: true });
  writeFileSync(join(victim, "secret"), "v1ctim");
  writeFileSync(join(context, "file"), "mine");
  writeFileSync(join(context, "dir/file"), "mine");
  for (const [name, target] of [
    ["link", "../victim/secret"],
    ["absolute", "/etc/passwd"],
    ["linkdir", "../victim"],
    ["dir/up", "../../victim"],
    ["proc", "/proc/self"],
    ["loop", "loop"],
  ] as const)
    symlinkSync(target, join(context, name));
  symlinkSync("../../../victim/secret", join(root, `layout/blobs/sha256/${"a".repeat(64)}`));
  Bun.spawnSync(["mkfifo", join(context, "fifo")]);
  Bun.spawnSync(["mknod", join(context, "zero"), "c", "1", "5"]);
  const services: Service[] = [
    health(),
    fileSync([
      { name: "context", path: context },
      { name: "proc", path: "/proc/self/fdinfo" },
    ]),
    secrets([{ id: "mine", value: "s3cret" }]),
    await ssh([{ id: "mine", socket: join(root, "agent"), raw: false }]),
    content(new Map([["oci:mine", new ContentStore(join(root, "layout"), "read")]])),
  ];
  channel = openCaller(...services);
});

afterAll(() => {
  agent.stop(true);
  rmSync(root, { recursive: true, force: true });
});

const from = (name: string, more: Metadata = []): Metadata => [["dir-name", name], ...more];
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

describe("a daemon that asks for", () => {
  test.each(["", "other", "../victim", "context/../../victim", "/etc", "context\0", "CONTEXT", ".", "context/"])(
    "the directory %j is refused",
    async (name) => {
      const { paths, error } = await receiveFiles(channel, from(name));
      expect(paths).toEqual([]);
      expect(error).toMatch(/no access allowed|PROTOCOL_ERROR/);
    },
  );

  test.each([
    ["include-patterns", "../**"],
    ["include-patterns", "../victim/secret"],
    ["include-patterns", "/etc/passwd"],
    ["include-patterns", "linkdir/secret"],
    ["include-patterns", "dir/../../victim/*"],
    ["followpaths", "../victim/secret"],
    ["followpaths", "../../../../../../etc/passwd"],
    ["followpaths", "/etc/passwd"],
    ["followpaths", "linkdir/secret"],
    ["followpaths", "dir/up/*"],
    ["followpaths", "absolute"],
    ["followpaths", "proc/environ"],
    ["followpaths", "loop"],
    ["followpaths", "*/*/*/../../../../etc/*"],
    ["exclude-patterns", "!../**"],
  ])("%s %s gets nothing from outside", async (key, pattern) => {
    const { paths, data } = await receiveFiles(channel, from("context", [[key, pattern]]));
    const known = ["absolute", "dir", "dir/file", "dir/up", "fifo", "file", "link", "linkdir", "loop", "proc", "zero"];
    expect(paths.filter((path) => !known.includes(path))).toEqual([]);
    expect([...data.values()].filter((text) => text !== "mine")).toEqual([]);
  });

  test("fifos and devices blocks nothing, and gets nothing", async () => {
    const asked: string[] = [];
    const { error } = await receiveFiles(channel, from("context"), {
      ask: ({ stat }, id) => {
        if (stat?.path !== "fifo" && stat?.path !== "zero") return [];
        asked.push(stat.path);
        return [id];
      },
    });
    expect(asked.length).toBeGreaterThan(0);
    expect(error).toContain("which it cannot");
  });

  test.each([999, 2 ** 31, 2 ** 32 - 1])("the file of number %d is refused", async (id) => {
    const { error } = await receiveFiles(channel, from("context"), { ask: (_, own) => (own === 0 ? [id] : []) });
    expect(error).toContain("which it cannot");
  });

  test("one file twice is refused", async () => {
    const { error } = await receiveFiles(channel, from("context"), {
      ask: ({ stat }, id) => (stat?.path === "file" ? [id, id] : []),
    });
    expect(error).toContain("which it cannot");
  });

  test("files that know no size gets them to their end", async () => {
    const { data, error } = await receiveFiles(channel, from("proc"));
    // Descriptors come and go: one that is gone fails the transfer by its name.
    if (error === undefined) expect([...data.values()].some((text) => text.includes("flags:"))).toBe(true);
    else expect(error).toContain("/fdinfo/");
  });

  test.each(["", "other", "mine ", "MINE", "mine\0", "../mine", "__proto__", "constructor"])(
    "the secret %j is refused",
    async (ID) => {
      const answer = await channel.unary(Secrets.GetSecret, { ID }).catch(messageOf);
      expect(answer).toContain("not found");
    },
  );

  test.each(["", "default", "other", "mine\0", "__proto__"])("the ssh agent %j is refused", async (id) => {
    expect(await channel.unary(SSH.CheckAgent, { ID: id }).catch(messageOf)).toContain("unset ssh forward key");
    const talk = openTalk(channel, SSH.ForwardAgent.path, [["buildkit.ssh.id", id]]);
    expect((await talk.status).message).toMatch(/unset ssh forward key|PROTOCOL_ERROR/);
  });

  test("all that an agent can do gets keys and signatures only", async () => {
    const talk = openTalk(channel, SSH.ForwardAgent.path, [["buildkit.ssh.id", "mine"]]);
    const types = Array.from({ length: 256 }, (_, type) => type);
    for (const type of types) talk.send(SSH.ForwardAgent.request.encode({ data: Uint8Array.of(0, 0, 0, 1, type) }));
    for (const _ of types) await talk.receive();
    talk.end();
    await talk.status;
    expect([...new Set(reached)].sort((a, b) => a - b)).toEqual([11, 13]);
  });

  test("an agent with a message that has no end is cut off", async () => {
    const talk = openTalk(channel, SSH.ForwardAgent.path, [["buildkit.ssh.id", "mine"]]);
    talk.send(SSH.ForwardAgent.request.encode({ data: Uint8Array.of(255, 255, 255, 255, 11) }));
    expect((await talk.status).message).toContain("agent message");
  });

  test.each([
    ["oci:../layout", `sha256:${"a".repeat(64)}`, "unknown store"],
    ["local:/etc", `sha256:${"a".repeat(64)}`, "unknown store"],
    ["export", `sha256:${"a".repeat(64)}`, "unknown store"],
    ["oci:mine", `sha256:${"a".repeat(64)}`, "points out of its directory"],
    ["oci:mine", "sha256:../../outside", "not a digest"],
    ["oci:mine", "../../outside:x", "not a digest"],
    ["oci:mine", "", "not a digest"],
  ])("content of %s, %s is refused", async (store, digest, expected) => {
    const metadata: Metadata = [["buildkit-attachable-store-id", store]];
    expect(await channel.unary(Content.Info, { digest }, { metadata }).catch(messageOf)).toContain(expected);
    const talk = openTalk(channel, Content.Read.path, metadata);
    talk.send(Content.Read.request.encode({ digest, offset: 0, size: 0 }));
    talk.end();
    expect((await talk.status).message).toContain(expected);
  });

  test("content to write where it may only read is refused, and so is to delete", async () => {
    const metadata: Metadata = [["buildkit-attachable-store-id", "oci:mine"]];
    const talk = openTalk(channel, Content.Write.path, metadata);
    talk.send(Content.Write.request.encode({ action: 1, ref: "../../x", data: new Uint8Array(1) }));
    expect((await talk.status).message).toContain("only read");
    const gone = await channel
      .unary(Content.Delete, { digest: `sha256:${"a".repeat(64)}` }, { metadata })
      .catch(messageOf);
    expect(gone).toContain("does not serve");
  });
});

/** It says that it is done: thousands of calls in a second that are broken off end the connection. */
async function callUnknown(index: number): Promise<number> {
  const talk = openTalk(channel, `/x.Y/Z${index}`, [["a".repeat(100), "b".repeat(1000)]]);
  talk.end();
  return (await talk.status).code;
}

describe("a daemon that floods", () => {
  test("is answered as long as it asks for what it may", async () => {
    const calls = effort(300, 50_000);
    let answered = 0;
    for (let at = 0; at < calls; at += 100) {
      const batch = Array.from({ length: 100 }, (_, index) =>
        index % 2 === 0 ? channel.unary(Health.Check, {}).then(({ status }) => status) : callUnknown(index),
      );
      answered += (await Promise.all(batch)).filter((code) => code === 1 || code === 12).length;
    }
    expect(answered).toBe(Math.ceil(calls / 100) * 100);
    tell("security: calls of a flood", { calls, answered });
  });

  test("with calls that never go on stops nobody else", async () => {
    const idle = Array.from({ length: 80 }, () => openTalk(channel, FileSync.DiffCopy.path, from("context")));
    expect(await channel.unary(Health.Check, {})).toEqual({ status: 1 });
    expect((await receiveFiles(channel, from("context"))).error).toBeUndefined();
    for (const talk of idle) talk.cancel();
  });

  test("with a message that is too large loses that call only", async () => {
    const talk = openTalk(channel, Secrets.GetSecret.path);
    expect(() => talk.send(new Uint8Array(17 * 1024 * 1024))).toThrow(/more than the/);
    talk.cancel();
    expect(await channel.unary(Health.Check, {})).toEqual({ status: 1 });
  });
});

test("links that take the place of directories while files are sent give nothing from outside", async () => {
  const rounds = effort(60, 5000);
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const [dir, away] = [join(context, "dir"), join(context, "away")];
    let swapped = false;
    const { data, error } = await receiveFiles(channel, from("context", [["include-patterns", "dir"]]), {
      before: (path) => {
        if (path !== "dir/file" || swapped) return;
        swapped = true;
        renameSync(dir, away);
        symlinkSync(victim, dir);
        writeFileSync(join(victim, "file"), "v1ctim");
      },
    });
    expect([...data.values()].join("")).not.toContain("v1ctim");
    if (error !== undefined) refused++;
    rmSync(dir);
    renameSync(away, dir);
  }
  expect(refused).toBe(rounds);
  tell("security: links put in while files are sent", { rounds, refused, read_outside: 0 });
});

describe("logins", () => {
  const tokens: string[] = [];
  const realm = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      tokens.push(`${request.headers.get("authorization") ?? ""}${await request.text()}`);
      return Response.json({ token: "t0ken\r\nx-evil: 1" });
    },
  });
  const config = join(root, "docker");
  const login = (name: string) => ({ auth: btoa(`me:s3cret-of-${name}`) });
  mkdirSync(config);
  writeFileSync(join(config, "config.json"), JSON.stringify({ auths: { "a.test": login("a"), "b.test": login("b") } }));
  const credentials = openDockerConfig({ configDir: config, variables: {} });
  const desk = openCaller(auth({ credentials, configDir: config, userAgent: "test" }));
  afterAll(() => realm.stop(true));

  // As with buildctl: only the daemon knows which registries a build has to do with.
  test("of every registry that docker knows are the daemon's to ask for, and each is its registry's own", async () => {
    expect(await desk.unary(Auth.Credentials, { Host: "a.test" })).toEqual({ Username: "me", Secret: "s3cret-of-a" });
    expect(await desk.unary(Auth.Credentials, { Host: "b.test" })).toEqual({ Username: "me", Secret: "s3cret-of-b" });
    const others = [
      "",
      "a.test.evil",
      "A.test",
      "a.test/../b.test",
      "evil@a.test",
      "a.test:443",
      "x\r\na.test",
      "__proto__",
    ];
    for (const Host of others) {
      expect(await desk.unary(Auth.Credentials, { Host })).toEqual({ Username: "", Secret: "" });
    }
  });

  test.each([
    ["http://evil.test/token", "without TLS"],
    ["http://169.254.169.254/latest/meta-data", "without TLS"],
    ["file:///etc/passwd", "does not say where"],
    ["unix:///run/docker.sock", "does not say where"],
    ["//evil.test", "does not say where"],
    ["", "does not say where"],
  ])("do not go to %j", async (Realm, expected) => {
    const request = { Host: "a.test", Realm, Service: "s", Scopes: ["x"] };
    expect(await desk.unary(Auth.FetchToken, request).catch(messageOf)).toContain(expected);
  });

  test("get no token that would begin a header of its own", async () => {
    const request = { Host: "a.test", Realm: realm.url.href, Service: "s\r\nx: y", Scopes: ["x\r\ny: z"] };
    expect(await desk.unary(Auth.FetchToken, request).catch(messageOf)).toContain("did not answer with a token");
    expect(tokens.join("\n")).not.toMatch(/^[xy]: /m);
  });

  test("go nowhere by a redirect", async () => {
    const seen: string[] = [];
    const other = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: async (r) => new Response(void seen.push(`${r.headers.get("authorization")}${await r.text()}`)),
    });
    const first = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.redirect(other.url.href, 307) });
    const request = { Host: "a.test", Realm: first.url.href, Service: "s", Scopes: ["x"] };
    await desk.unary(Auth.FetchToken, request).catch(messageOf);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.join()).not.toContain("s3cret");
    expect(seen.join()).not.toContain(btoa("me:s3cret-of-a"));
    await Promise.all([other.stop(true), first.stop(true)]);
  });
});
