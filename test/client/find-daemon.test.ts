import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DaemonSearch } from "../../src/client/daemon-search.ts";
import { findPlaces } from "../../src/client/find-daemon.ts";
import type { HostEnvironment } from "../../src/client/host-environment.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { formatAddress } from "../../src/rpc/format-address.ts";
import { inDirectory } from "../support/build.ts";
import { hostOf } from "./host.ts";

/** Each place as `source: address`, the private program, or why there is nothing. */
async function placesOf(search: DaemonSearch, host: HostEnvironment): Promise<string[]> {
  const places: string[] = [];
  for await (const { source, by, found } of findPlaces(search, host, async () => [])) {
    if (found instanceof LuakitError) places.push(`${by} ${source}: ${found.message}`);
    else if ("command" in found) places.push(`${by} ${source}: ${found.command.join(" ")}`);
    else places.push(`${by} ${source}: ${formatAddress(found.address)}`);
  }
  return places;
}

function writeBuilder(home: string, name: string, endpoint: string, current = false): void {
  const store = join(home, ".docker/buildx");
  mkdirSync(join(store, "instances"), { recursive: true });
  const nodes = [{ Name: `${name}0`, Endpoint: endpoint }];
  writeFileSync(join(store, "instances", name), JSON.stringify({ Name: name, Driver: "remote", Nodes: nodes }));
  if (current) writeFileSync(join(store, "current"), JSON.stringify({ Key: "", Name: name, Global: true }));
}

function writeProgram(directory: string, name: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), "#!/bin/sh\n");
  chmodSync(join(directory, name), 0o755);
}

test("a machine with nothing has a reason for every place", () =>
  inDirectory(async (home) => {
    const variables = { XDG_RUNTIME_DIR: join(home, "run"), DOCKER_HOST: `unix://${home}/docker.sock` };
    expect(await placesOf({}, hostOf(home, variables))).toEqual([
      `default unix://${home}/run/buildkit/buildkitd.sock: there is no such socket`,
      "default unix:///run/buildkit/buildkitd.sock: there is no such socket",
      `configured the Docker Engine at unix://${home}/docker.sock: there is no such socket`,
      "default a private buildkitd: there is no buildkitd on PATH",
    ]);
  }));

test("the current builder comes before sockets, and those before the engine", () =>
  inDirectory(async (home) => {
    writeBuilder(home, "far", "tcp://far:1234", true);
    mkdirSync(join(home, "run/buildkit"), { recursive: true });
    writeFileSync(join(home, "run/buildkit/buildkitd.sock"), "");
    const variables = { XDG_RUNTIME_DIR: join(home, "run"), DOCKER_HOST: "tcp://engine:2375" };
    expect(await placesOf({}, hostOf(home, variables))).toEqual([
      'configured the buildx builder "far": tcp://far:1234',
      `default unix://${home}/run/buildkit/buildkitd.sock: unix://${home}/run/buildkit/buildkitd.sock`,
      "default unix:///run/buildkit/buildkitd.sock: there is no such socket",
      "configured the Docker Engine at tcp://engine:2375: docker+tcp://engine:2375",
      "default a private buildkitd: there is no buildkitd on PATH",
    ]);
  }));

test("a builder that is named is the only place", () =>
  inDirectory(async (home) => {
    writeBuilder(home, "far", "tcp://far:1234", true);
    writeBuilder(home, "near", "unix:///near.sock");
    expect(await placesOf({ builder: "near" }, hostOf(home))).toEqual([
      'chosen the buildx builder "near": unix:///near.sock',
    ]);
    expect(await placesOf({}, hostOf(home, { BUILDX_BUILDER: "near" }))).toEqual([
      'chosen the buildx builder "near": unix:///near.sock',
    ]);
    expect(await placesOf({ builder: "default" }, hostOf(home))).toEqual([
      'chosen the buildx builder "default": docker+unix:///var/run/docker.sock',
    ]);
    expect(await placesOf({ builder: "naer" }, hostOf(home))).toEqual([
      'chosen the buildx builder "naer": there is no buildx builder "naer" (did you mean "near"?)',
    ]);
  }));

test("a broken current builder or docker context is told and the search goes on", () =>
  inDirectory(async (home) => {
    const places = await placesOf({}, hostOf(home, { DOCKER_CONTEXT: "gone" }));
    expect(places[1]).toStartWith("configured the Docker Engine: DOCKER_CONTEXT: there is no docker context");
    writeBuilder(home, "far", "far", true);
    const [first, ...rest] = await placesOf({}, hostOf(home));
    expect(first).toStartWith('configured the buildx builder "far": the buildx builder "far": address "far" has no');
    expect(rest.length).toBe(3);
    writeFileSync(join(home, ".docker/buildx/instances/far"), "{");
    const [broken] = await placesOf({}, hostOf(home));
    expect(broken).toStartWith(
      'configured the current buildx builder: the buildx builder "far" is not stored in a way',
    );
    writeFileSync(join(home, ".docker/buildx/current"), "{");
    const [corrupt] = await placesOf({}, hostOf(home));
    expect(corrupt).toStartWith(
      "configured the current buildx builder: the current buildx builder is not stored in a way that is known: " +
        `${home}/.docker/buildx/current: `,
    );
  }));

test("a private daemon needs buildkitd, and rootlesskit where it is not root", () =>
  inDirectory(async (home) => {
    const bin = join(home, "bin");
    const user = { ...hostOf(home, { PATH: bin }), userId: 1000 };
    const only = async (host: HostEnvironment) => (await placesOf({ daemonless: true }, host)).join();
    expect(await only(user)).toBe("chosen a private buildkitd: there is no buildkitd on PATH");
    writeProgram(bin, "buildkitd");
    expect(await only(user)).toContain("it needs rootlesskit");
    const root = { ...user, userId: 0 };
    const flags = "--allow-insecure-entitlement network.host --allow-insecure-entitlement security.insecure";
    const data = join(home, ".local/share/luakit/buildkit/root");
    expect(await only(root)).toBe(`chosen a private buildkitd: ${bin}/buildkitd --root ${data} ${flags}`);
    writeProgram(bin, "rootlesskit");
    expect(await only(user)).toBe(
      `chosen a private buildkitd: ${bin}/rootlesskit ${bin}/buildkitd --root ${data} ${flags}`,
    );
  }));

test("XDG_DATA_HOME and BUILDKITD_FLAGS are heeded", () =>
  inDirectory(async (home) => {
    const bin = join(home, "bin");
    writeProgram(bin, "buildkitd");
    const variables = { PATH: bin, XDG_DATA_HOME: "/data", BUILDKITD_FLAGS: " --debug  --root=/cache " };
    const [place = ""] = await placesOf({ daemonless: true }, { ...hostOf(home, variables), userId: 0 });
    expect(place).toEndWith("security.insecure --debug --root=/cache");
    expect(place).not.toContain("/data");
    const other = { ...variables, BUILDKITD_FLAGS: "" };
    const [moved] = await placesOf({ daemonless: true }, { ...hostOf(home, other), userId: 0 });
    expect(moved).toContain("--root /data/luakit/buildkit/root");
  }));
