import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SSH } from "../../src/gen/ssh.ts";
import { type SshSource, ssh } from "../../src/session/ssh.ts";
import { rejectionOf } from "../image/failure.ts";
import { openCaller, openTalk, type Talk } from "./caller.ts";

setDefaultTimeout(30_000);

let root = "";
let agent: Bun.Subprocess;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "luakit-session-ssh-"));
  agent = Bun.spawn(["ssh-agent", "-D", "-a", join(root, "agent")], { stdout: "ignore", stderr: "ignore" });
  for (const [name, ...kind] of [["ed25519"], ["rsa", "-b", "2048"], ["ecdsa"]]) {
    run(["ssh-keygen", "-q", "-t", name ?? "", ...kind, "-N", "", "-C", `my ${name}`, "-f", join(root, name ?? "")]);
  }
  while (Bun.spawnSync(["ssh-add", "-l"], { env: { SSH_AUTH_SOCK: join(root, "agent") } }).exitCode === 2) {
    await Bun.sleep(10);
  }
  run(["ssh-add", "-q", join(root, "ed25519")], join(root, "agent"));
});

afterAll(() => {
  agent.kill();
  rmSync(root, { recursive: true, force: true });
});

function run(argv: string[], socket = ""): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(argv, { env: { PATH: process.env.PATH, SSH_AUTH_SOCK: socket } });
  if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${stdout}${stderr}`);
  return stdout.toString();
}

const key = (name: string) => join(root, name);
const agentSource = () => [{ id: "default", socket: key("agent"), raw: false }];
const sshAdd = (socket: string, ...args: string[]) =>
  Bun.spawn(["ssh-add", ...args], { env: { SSH_AUTH_SOCK: socket }, stdout: "pipe", stderr: "pipe" });

async function forward(sources: readonly SshSource[], id?: string): Promise<Talk> {
  const metadata = id === undefined ? [] : ([["buildkit.ssh.id", id]] as const);
  return openTalk(openCaller(await ssh(sources)), SSH.ForwardAgent.path, metadata);
}

const data = (bytes: Uint8Array) => SSH.ForwardAgent.request.encode({ data: bytes });
const received = (message: Uint8Array) => SSH.ForwardAgent.response.decode(message).data;

function message(type: number, body: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = Buffer.alloc(5 + body.length);
  bytes.writeUInt32BE(1 + body.length);
  bytes[4] = type;
  bytes.set(body, 5);
  return bytes;
}

/** A socket whose connections go through the service, as buildkitd makes it for a step. */
async function withSocket<T>(sources: readonly SshSource[], use: (path: string) => Promise<T>): Promise<T> {
  const channel = openCaller(await ssh(sources));
  const path = join(mkdtempSync(join(root, "step-")), "sock");
  const listener = Bun.listen<Talk | undefined>({
    unix: path,
    allowHalfOpen: true,
    socket: {
      open(socket) {
        const talk = openTalk(channel, SSH.ForwardAgent.path);
        socket.data = talk;
        const carry = async () => {
          for (;;) socket.write(received(await talk.receive()));
        };
        carry().catch(() => socket.end());
      },
      data: (socket, bytes) => socket.data?.send(data(Uint8Array.from(bytes))),
      end: (socket) => socket.data?.end(),
    },
  });
  try {
    return await use(path);
  } finally {
    listener.stop(true);
  }
}

describe("CheckAgent", () => {
  test("knows the ids that were given; the empty one is default", async () => {
    const channel = openCaller(await ssh([...agentSource(), { id: "other", keys: [key("rsa")] }]));
    for (const ID of ["", "default", "other"]) expect(await channel.unary(SSH.CheckAgent, { ID })).toEqual({});
    const error = await rejectionOf(channel.unary(SSH.CheckAgent, { ID: "none" }));
    expect(error.message).toBe("unset ssh forward key none");
    expect(error.code).toBe("rpc.unknown");
  });
});

describe.each([
  ["an agent", () => agentSource(), ["ed25519"]],
  ["keys", () => [{ id: "default", keys: [key("ed25519"), key("rsa"), key("ecdsa")] }], ["ed25519", "rsa", "ecdsa"]],
] as const)("%s", (_, sources, names) => {
  test("lists keys as ssh-add sees them", async () => {
    const listed = await withSocket(sources(), (socket) => new Response(sshAdd(socket, "-L").stdout).text());
    const expected = names.map((name) => readFileSync(`${key(name)}.pub`, "utf8"));
    expect(listed.trim().split("\n").sort()).toEqual(expected.map((line) => line.trim()).sort());
  });

  test("signs, as ssh-add verifies", async () => {
    await withSocket(sources(), async (socket) => {
      for (const name of names) expect(await sshAdd(socket, "-T", `${key(name)}.pub`).exited).toBe(0);
    });
  });

  test("takes and loses no keys and is not locked", async () => {
    await withSocket(sources(), async (socket) => {
      expect(await sshAdd(socket, key("rsa")).exited).not.toBe(0);
      expect(await sshAdd(socket, "-d", key("ed25519")).exited).not.toBe(0);
      expect(await sshAdd(socket, "-D").exited).not.toBe(0);
      const listed = await new Response(sshAdd(socket, "-l").stdout).text();
      expect(listed.trim().split("\n")).toHaveLength(names.length);
    });
  });

  test("refuses every other request, and answers in order", async () => {
    const talk = await forward(sources());
    const refused = [1, 7, 9, 17, 18, 19, 20, 21, 22, 23, 25, 26, 27, 99];
    const requests = refused.flatMap((type) => [message(type, Buffer.alloc(8)), message(11)]);
    talk.send(data(Buffer.concat(requests)));
    talk.end();
    const answers = Buffer.concat((await talk.rest()).map(received));
    const types: number[] = [];
    for (let at = 0; at < answers.length; at += 4 + answers.readUInt32BE(at)) types.push(answers[at + 4] ?? 0);
    expect(types).toEqual(refused.flatMap(() => [5, 12]));
    expect((await talk.status).code).toBe(0);
  });

  test("puts requests together that come in pieces", async () => {
    const talk = await forward(sources());
    for (const byte of message(11)) talk.send(data(Uint8Array.of(byte)));
    expect(received(await talk.receive())[4]).toBe(12);
  });

  test("ends the call for what is no request", async () => {
    for (const bytes of [Buffer.of(0, 0, 0, 0), Buffer.of(255, 0, 0, 0), Buffer.of(0, 4, 0, 1)]) {
      const talk = await forward(sources());
      talk.send(data(bytes));
      expect((await talk.status).code).toBe(2);
    }
    const talk = await forward(sources());
    talk.send(Uint8Array.of(0x0a, 99));
    expect((await talk.status).code).toBe(2);
  });
});

test("the metadata chooses the agent", async () => {
  const sources = [...agentSource(), { id: "two", keys: [key("rsa"), key("ecdsa")] }];
  const count = async (id?: string) => {
    const talk = await forward(sources, id);
    talk.send(data(message(11)));
    return Buffer.from(received(await talk.receive())).readUInt32BE(5);
  };
  expect([await count(), await count(""), await count("default"), await count("two")]).toEqual([1, 1, 1, 2]);
  expect((await (await forward(sources, "none")).status).message).toBe("unset ssh forward key none");
});

test("a socket that nobody listens on ends the call with its path", async () => {
  const path = key("nobody");
  const status = await (await forward([{ id: "default", socket: path, raw: false }])).status;
  expect(status.message).toBe(`cannot connect to ${path}: there is no such socket`);
});

test("an agent that goes away ends the call", async () => {
  const path = key("leaving");
  const listener = Bun.listen({ unix: path, socket: { data: (socket) => void socket.end() } });
  const talk = await forward([{ id: "default", socket: path, raw: false }]);
  talk.send(data(message(11)));
  expect((await talk.status).message).toBe(`the ssh agent at ${path} closed the connection`);
  listener.stop(true);
});

test("an agent's answer of another kind is not passed on", async () => {
  const path = key("odd");
  const listener = Bun.listen({
    unix: path,
    socket: { data: (socket) => void socket.write(message(28, Buffer.from("s3cret"))) },
  });
  const talk = await forward([{ id: "default", socket: path, raw: false }]);
  talk.send(data(message(11)));
  expect([...received(await talk.receive())]).toEqual([0, 0, 0, 1, 5]);
  listener.stop(true);
});

describe("a raw socket", () => {
  /** Answers each byte b with b + 1, says how it ended, and closes when the other side did. */
  function listen(path: string) {
    return Bun.listen({
      unix: path,
      allowHalfOpen: true,
      socket: {
        data: (socket, bytes) => void socket.write(bytes.map((byte) => byte + 1)),
        end(socket) {
          socket.write("bye");
          socket.end();
        },
      },
    });
  }

  test("carries bytes, and the half close", async () => {
    const listener = listen(key("raw"));
    const talk = await forward([{ id: "default", socket: key("raw"), raw: true }]);
    talk.send(data(Uint8Array.of(1, 2, 3)));
    expect([...received(await talk.receive())]).toEqual([2, 3, 4]);
    talk.end();
    expect(Buffer.concat((await talk.rest()).map(received)).toString()).toBe("bye");
    expect((await talk.status).code).toBe(0);
    listener.stop(true);
  });

  test("carries much, both ways", async () => {
    const listener = Bun.listen<{ rest: Uint8Array[] }>({
      unix: key("echo"),
      allowHalfOpen: true,
      socket: {
        open(socket) {
          socket.data = { rest: [] };
        },
        data(socket, bytes) {
          socket.data.rest.push(Uint8Array.from(bytes));
          flush(socket);
        },
        drain: flush,
        end(socket) {
          if (socket.data.rest.length === 0) socket.end();
        },
      },
    });
    function flush(socket: Bun.Socket<{ rest: Uint8Array[] }>) {
      const bytes = Buffer.concat(socket.data.rest);
      const written = Math.max(0, socket.write(bytes));
      socket.data.rest = written < bytes.length ? [bytes.subarray(written)] : [];
    }
    const talk = await forward([{ id: "default", socket: key("echo"), raw: true }]);
    const sent = crypto.getRandomValues(new Uint8Array(65_536));
    const total = 16 * 1024 * 1024;
    for (let done = 0; done < total; done += sent.length) talk.send(data(sent));
    const hash = new Bun.CryptoHasher("sha256");
    for (let got = 0; got < total; ) {
      const bytes = received(await talk.receive());
      hash.update(bytes);
      got += bytes.length;
    }
    const expected = new Bun.CryptoHasher("sha256");
    for (let done = 0; done < total; done += sent.length) expected.update(sent);
    expect(hash.digest("hex")).toBe(expected.digest("hex"));
    talk.end();
    expect((await talk.status).code).toBe(0);
    listener.stop(true);
  });

  test("carries much behind the half close, at the pace of the daemon", async () => {
    let sent = 0;
    const total = 48 * 1024 * 1024;
    const zeros = new Uint8Array(1024 * 1024);
    const more = (socket: Bun.Socket) => {
      for (let written = 1; written > 0 && sent < total; sent += written) {
        written = Math.max(0, socket.write(zeros, 0, Math.min(zeros.length, total - sent)));
      }
      if (sent === total) socket.end();
    };
    const listener = Bun.listen({
      unix: key("late"),
      allowHalfOpen: true,
      socket: { data() {}, end: (socket) => more(socket), drain: (socket) => void (sent > 0 && more(socket)) },
    });
    const talk = await forward([{ id: "default", socket: key("late"), raw: true }]);
    talk.send(data(Uint8Array.of(1)));
    talk.end();
    let got = 0;
    for (const bytes of await talk.rest()) got += received(bytes).length;
    expect(got).toBe(total);
    listener.stop(true);
  });

  test("that the other side closes ends the call", async () => {
    const listener = Bun.listen({
      unix: key("short"),
      socket: { open: (socket) => void socket.end("done"), data() {} },
    });
    const talk = await forward([{ id: "default", socket: key("short"), raw: true }]);
    expect(Buffer.concat((await talk.rest()).map(received)).toString()).toBe("done");
    expect((await talk.status).code).toBe(0);
    listener.stop(true);
  });

  test("is let go of when the daemon cancels", async () => {
    const closed = Promise.withResolvers<void>();
    const listener = Bun.listen({ unix: key("held"), socket: { data() {}, close: () => closed.resolve() } });
    const talk = await forward([{ id: "default", socket: key("held"), raw: true }]);
    talk.send(data(Uint8Array.of(1)));
    await Bun.sleep(50);
    talk.cancel();
    await closed.promise;
    listener.stop(true);
  });
});

test("two agents with one id are refused", async () => {
  const error = await rejectionOf(ssh([...agentSource(), { id: "", keys: [key("rsa")] }]));
  expect(error.code).toBe("usage");
});

test("a key that cannot be used is refused at once", async () => {
  expect((await rejectionOf(ssh([{ id: "a", keys: [key("rsa.pub")] }]))).message).toEndWith("is a public key");
});
