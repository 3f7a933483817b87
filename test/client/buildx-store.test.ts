import { expect, test } from "bun:test";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildxDirectory, currentBuilder, listBuilders, readBuilder } from "../../src/client/buildx-store.ts";
import { inDirectory } from "../support/build.ts";
import { hostOf } from "./host.ts";

const socket = "unix:///var/run/docker.sock";

function writeStore(directory: string, files: Readonly<Record<string, unknown>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  }
}

function remote(name: string): object {
  return { Name: name, Driver: "remote", Nodes: [{ Name: `${name}0`, Endpoint: "tcp://x:1234" }], Dynamic: false };
}

test("a builder is read with its nodes, their platforms and options; what is not known is passed over", () =>
  inDirectory(async (directory) => {
    writeStore(directory, {
      "instances/big": {
        Name: "Big",
        Driver: "docker-container",
        Future: [1],
        Nodes: [
          { Name: "big0", Endpoint: "desktop", Platforms: [{ os: "linux", architecture: "x86_64" }], DriverOpts: null },
          {
            Name: "big1",
            Endpoint: "ssh://arm",
            Platforms: null,
            DriverOpts: { network: "host", strange: 1 },
            Files: {},
          },
        ],
      },
    });
    expect(readBuilder(directory, "BIG")).toEqual({
      name: "Big",
      driver: "docker-container",
      nodes: [
        { name: "big0", endpoint: "desktop", platforms: [{ os: "linux", architecture: "amd64" }], options: {} },
        { name: "big1", endpoint: "ssh://arm", platforms: [], options: { network: "host" } },
      ],
    });
    expect(listBuilders(directory)).toEqual(["big"]);
  }));

test("names that no builder can have never become paths", () =>
  inDirectory(async (directory) => {
    writeStore(directory, { secret: remote("secret"), "instances/x": remote("x") });
    for (const name of ["../secret", "", "-x", "a/b", ".."]) expect(readBuilder(directory, name)).toBeUndefined();
  }));

test("a file that buildx did not write is an error that names the builder, the file, and what is wrong", () =>
  inDirectory(async (directory) => {
    writeStore(directory, { "instances/broken": "{", "instances/empty": { Name: "empty", Nodes: [] } });
    const said = (name: string) =>
      `the buildx builder "${name}" is not stored in a way that is known: ${directory}/instances/${name}: `;
    expect(() => readBuilder(directory, "broken")).toThrow(`${said("broken")}JSON Parse error: `);
    expect(() => readBuilder(directory, "empty")).toThrow(`${said("empty")}it has no nodes`);
  }));

test.each(["{", "", "[]"])("a choice that buildx did not write is an error that names its file: %j", (text) =>
  inDirectory(async (directory) => {
    writeStore(directory, { current: text });
    expect(() => currentBuilder(directory, socket)).toThrow(
      `the current buildx builder is not stored in a way that is known: ${directory}/current: `,
    );
  }),
);

test("what cannot be read is not missing", () =>
  inDirectory(async (directory) => {
    mkdirSync(join(directory, "instances"));
    mkdirSync(join(directory, "current"));
    symlinkSync("looped", join(directory, "instances/looped"));
    const circle = `cannot read ${directory}/instances/looped: its symbolic links lead in a circle`;
    expect(() => readBuilder(directory, "looped")).toThrow(circle);
    expect(() => currentBuilder(directory, socket)).toThrow(`cannot read ${directory}/current: it is a directory`);
    rmSync(join(directory, "instances"), { recursive: true });
    writeFileSync(join(directory, "instances"), "");
    expect([readBuilder(directory, "good"), listBuilders(directory)]).toEqual([undefined, []]);
  }));

test("the current builder is the global one, else that of the docker endpoint, else the endpoint's default", () =>
  inDirectory(async (directory) => {
    const hash = new Bun.CryptoHasher("sha256").update(socket).digest("hex").slice(0, 20);
    writeStore(directory, { "instances/a": remote("a"), "instances/b": remote("b") });
    expect(currentBuilder(directory, socket)).toBeUndefined();
    writeStore(directory, { [`defaults/${hash}`]: "b" });
    expect(currentBuilder(directory, socket)?.name).toBe("b");
    expect(currentBuilder(directory, "desktop")).toBeUndefined();
    writeStore(directory, { current: { Key: socket, Name: "a", Global: false } });
    expect(currentBuilder(directory, socket)?.name).toBe("a");
    expect(currentBuilder(directory, "desktop")).toBeUndefined();
    writeStore(directory, { current: { Key: socket, Name: "a", Global: true } });
    expect(currentBuilder(directory, "desktop")?.name).toBe("a");
  }));

test("a choice whose builder has gone means the docker context, as in buildx", () =>
  inDirectory(async (directory) => {
    const hash = new Bun.CryptoHasher("sha256").update(socket).digest("hex").slice(0, 20);
    writeStore(directory, {
      "instances/b": remote("b"),
      [`defaults/${hash}`]: "b",
      current: { Key: socket, Name: "gone", Global: false },
    });
    expect(currentBuilder(directory, socket)).toBeUndefined();
    writeStore(directory, { current: { Key: "other", Name: "gone", Global: true } });
    expect(currentBuilder(directory, socket)?.name).toBe("b");
  }));

test("the store is beside docker's configuration, unless BUILDX_CONFIG says otherwise", () => {
  expect(buildxDirectory(hostOf("/home/me"))).toBe("/home/me/.docker/buildx");
  expect(buildxDirectory(hostOf("/home/me", { DOCKER_CONFIG: "/etc/d" }))).toBe("/etc/d/buildx");
  expect(buildxDirectory(hostOf("/home/me", { BUILDX_CONFIG: "/x" }))).toBe("/x");
  expect(listBuilders("/nowhere/at/all")).toEqual([]);
});
