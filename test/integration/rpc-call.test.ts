import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { digestOf } from "../../scripts/testbed/layout.ts";
import { Control } from "../../src/gen/control.ts";
import { Health } from "../../src/gen/health.ts";
import { Op } from "../../src/gen/ops.ts";
import { parseAddress } from "../../src/rpc/address.ts";
import { type Channel, openChannel } from "../../src/rpc/channel.ts";
import { dial } from "../../src/rpc/dial.ts";
import { detailsOf, failedVertexOf } from "../../src/rpc/error-details.ts";
import { type Server, type Service, serve, unary } from "../../src/rpc/server.ts";
import { statusOf } from "../../src/rpc/status.ts";
import { tunnel } from "../../src/rpc/tunnel.ts";
import { startOwnBuildkitd } from "../support/own-buildkitd.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const bed = testbed();
const channel = openChannel(await dial(parseAddress(bed.addr)));
afterAll(() => channel.close());

const newId = () => `rpc-test-${crypto.randomUUID()}`;

/** A session that serves health and `services`. */
function openSession(on: Channel, id: string, services: readonly Service[] = []): Server {
  const paths = services.flat().map(([path]) => path);
  const call = on.open(Control.Session.path, {
    metadata: [
      ["x-docker-expose-session-uuid", id],
      ["x-docker-expose-session-sharedkey", ""],
      ...paths.map((path) => ["x-docker-expose-session-grpc-method", path] as const),
    ],
  });
  return serve(tunnel(call), [[unary(Health.Check, () => ({ status: 1 }))], ...services]);
}

/** The Definition of a step that runs `script` on busybox. */
function definitionOf(script: string): { def: Uint8Array[] } {
  const platform = { OS: "linux", Architecture: "amd64" };
  const source = Op.encode({ source: { identifier: `docker-image://${bed.images.busybox}` }, platform });
  const exec = Op.encode({
    inputs: [{ digest: digestOf(source), index: 0 }],
    exec: {
      meta: { args: ["/bin/sh", "-c", script], cwd: "/", env: ["PATH=/bin"] },
      mounts: [{ input: 0, dest: "/", output: 0 }],
    },
    platform,
  });
  const last = Op.encode({ inputs: [{ digest: digestOf(exec), index: 0 }] });
  return { def: [source, exec, last] };
}

describe("calls", () => {
  test("unary", async () => {
    const { record } = await channel.unary(Control.ListWorkers, {});
    expect(record[0]?.Labels["org.mobyproject.buildkit.worker.executor"]).toBe("oci");
    const { buildkitVersion } = await channel.unary(Control.Info, {});
    expect(buildkitVersion?.version).toBe(bed.version);
  });

  test("two hundred at a time", async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => channel.unary(Control.ListWorkers, {})));
    expect(answers.every(({ record }) => record.length === 1)).toBe(true);
  });

  test("a build with its status stream", async () => {
    const id = newId();
    const session = openSession(channel, id);
    const unique = `echo ${id}`;
    const messages: string[] = [];
    const follow = async () => {
      for await (const { logs } of channel.stream(Control.Status, { Ref: id })) {
        messages.push(...logs.map(({ msg }) => new TextDecoder().decode(msg)));
      }
    };
    const followed = follow();
    await channel.unary(Control.Solve, { Ref: id, Session: id, Definition: { def: definitionOf(unique).def } });
    await followed;
    expect(messages.join("")).toBe(`${id}\n`);
    session.close();
    expect(await session.closed).toBeUndefined();
  });

  test("a build that fails, with the details of its error", async () => {
    const { def } = definitionOf(`echo ${newId()}; exit 42`);
    const error = await channel.unary(Control.Solve, { Ref: newId(), Definition: { def } }).catch((reason) => reason);
    expect(error.code).toBe("rpc.unknown");
    expect(error.message).toContain("did not complete successfully: exit code: 42");
    const status = statusOf(error) ?? { details: [] };
    expect(failedVertexOf(status)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(detailsOf(status)).toContainEqual({ kind: "exit", value: { Code: 42 } });
    expect(detailsOf(status).filter(({ kind }) => kind === "stack").length).toBeGreaterThan(0);
    expect(detailsOf(status)).toHaveLength(status.details.length);
  });

  test("a method that there is not", async () => {
    const call = channel.open("/moby.buildkit.v1.Control/Nope");
    call.start({ message() {}, end() {}, cancel() {} });
    call.end();
    expect(await call.status).toMatchObject({ code: 12, message: expect.stringContaining("unknown method Nope") });
  });

  test("an abort stops the build at the daemon", async () => {
    const id = newId();
    const controller = new AbortController();
    const reason = new Error("enough");
    const { def } = definitionOf(`echo ${id}; sleep 1000`);
    const solving = channel
      .unary(Control.Solve, { Ref: id, Definition: { def } }, { signal: controller.signal })
      .catch((error) => error);
    let sawLog = false;
    for await (const { logs, vertexes } of channel.stream(Control.Status, { Ref: id })) {
      if (logs.length > 0 && !sawLog) {
        sawLog = true;
        controller.abort(reason);
      }
      if (vertexes.some(({ error }) => error.includes("context canceled"))) break;
    }
    expect(sawLog).toBe(true);
    expect(await solving).toBe(reason);
  });
});

describe("a session", () => {
  test("is asked for its health for as long as it lives", async () => {
    let checks = 0;
    const id = newId();
    const asked = Promise.withResolvers<void>();
    const check = unary(Health.Check, () => {
      checks++;
      if (checks === 2) asked.resolve();
      return { status: 1 };
    });
    const call = channel.open(Control.Session.path, {
      metadata: [
        ["x-docker-expose-session-uuid", id],
        ["x-docker-expose-session-sharedkey", ""],
        ["x-buildkit-session-health-custom-timeout", "1000"],
      ],
    });
    const server = serve(tunnel(call), [[check]]);
    await asked.promise;
    server.close();
    expect(await server.closed).toBeUndefined();
    expect((await call.status).code).toBe(0);
  });

  test("answers what the daemon asks, found or not", async () => {
    const id = newId();
    const asked: string[] = [];
    const path = "/moby.buildkit.secrets.v1.Secrets/GetSecret";
    const session = openSession(channel, id, [
      [
        [
          path,
          (call) => {
            asked.push(call.path);
            call.finish({ code: 5, message: "secret wünsch not found", details: [] });
          },
        ],
      ],
    ]);
    const { def } = secretDefinition("wünsch");
    const error = await channel
      .unary(Control.Solve, { Ref: newId(), Session: id, Definition: { def } })
      .catch((reason) => reason);
    expect(error.message).toContain("secret wünsch: not found");
    expect(asked).toEqual([path]);
    session.close();
  });
});

/** A step that mounts a secret. */
function secretDefinition(secret: string): { def: Uint8Array[] } {
  const platform = { OS: "linux", Architecture: "amd64" };
  const source = Op.encode({ source: { identifier: `docker-image://${bed.images.busybox}` }, platform });
  const exec = Op.encode({
    inputs: [{ digest: digestOf(source), index: 0 }],
    exec: {
      meta: { args: ["/bin/true", newId()], cwd: "/", env: ["PATH=/bin"] },
      mounts: [
        { input: 0, dest: "/", output: 0 },
        { input: -1, dest: "/secret", output: -1, mountType: 1, secretOpt: { ID: secret } },
      ],
    },
    platform,
  });
  return { def: [source, exec, Op.encode({ inputs: [{ digest: digestOf(exec), index: 0 }] })] };
}

describe("the oldest daemon", () => {
  test.skipIf(bed.v012 === undefined)("answers too", async () => {
    const old = openChannel(await dial(parseAddress(bed.v012?.addr ?? "")));
    expect((await old.unary(Control.ListWorkers, {})).record).toHaveLength(1);
    old.close();
    expect(await old.closed).toBeUndefined();
  });
});

describe("a daemon that goes away", () => {
  test("fails what is under way with daemon.gone", async () => {
    await using daemon = await startOwnBuildkitd();
    const lost = openChannel(await dial(parseAddress(daemon.addr)));
    const session = openSession(lost, newId());
    const { def } = definitionOf("sleep 1000");
    const solving = lost.unary(Control.Solve, { Ref: newId(), Definition: { def } }).catch((reason) => reason);
    await Bun.sleep(300);
    daemon.signal("SIGKILL");
    expect(await solving).toMatchObject({ code: "daemon.gone" });
    expect(await lost.closed).toMatchObject({ code: "daemon.gone" });
    expect(await session.closed).toMatchObject({ code: "daemon.gone" });
    expect(await lost.unary(Control.ListWorkers, {}).catch((reason) => reason)).toMatchObject({ code: "daemon.gone" });
    await daemon.exited;
    expect(await dial(parseAddress(daemon.addr)).catch((reason) => reason)).toMatchObject({
      code: "daemon.unreachable",
      message: `cannot connect to ${daemon.addr}: nothing listens there`,
    });
  });

  test("in order says so", async () => {
    await using daemon = await startOwnBuildkitd();
    const lost = openChannel(await dial(parseAddress(daemon.addr)));
    await lost.unary(Control.ListWorkers, {});
    daemon.signal("SIGTERM");
    expect(await lost.closed).toMatchObject({ code: "daemon.gone" });
  });
});
