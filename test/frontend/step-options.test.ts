import { describe, expect, test } from "bun:test";
import { chooseStepOptions, readStepOptions } from "../../src/frontend/step-options.ts";
import { LinuxResources } from "../../src/gen/ops.ts";

const read = (options: Readonly<Record<string, string>>) => readStepOptions(new Map(Object.entries(options)));
const resources = (options: Readonly<Record<string, string>>) => {
  const bytes = read(options).resources;
  return bytes === undefined ? undefined : LinuxResources.decode(bytes);
};

test("nothing is asked by default", () => {
  expect(read({})).toEqual({ hosts: [], ulimits: [] });
  expect(read({ "shm-size": "0", "build-arg:BUILDKIT_SANDBOX_HOSTNAME": "" })).toEqual({ hosts: [], ulimits: [] });
});

test("hosts may have several addresses, and their names are lower case", () => {
  expect(read({ "add-hosts": 'A.Test=10.0.0.1,a.test=::1,"b=[fe80::0:1]"' }).hosts).toEqual([
    { name: "a.test", address: "10.0.0.1" },
    { name: "a.test", address: "::1" },
    { name: "b", address: "fe80::1" },
  ]);
});

test("limits are soft and hard", () => {
  expect(read({ ulimit: "nofile=10:20,core=0,memlock=-1:-1" }).ulimits).toEqual([
    { name: "nofile", soft: 10, hard: 20 },
    { name: "core", soft: 0, hard: 0 },
    { name: "memlock", soft: -1, hard: -1 },
  ]);
});

test("the build argument for the host name goes before the option", () => {
  expect(read({ hostname: "a" }).hostname).toBe("a");
  expect(read({ hostname: "a", "build-arg:BUILDKIT_SANDBOX_HOSTNAME": "b" }).hostname).toBe("b");
});

test("the rest is taken as it is", () => {
  const options = { "shm-size": "65536", "cgroup-parent": "/p", "force-network-mode": "none" };
  expect(read({ ...options, "build-arg:BUILDKIT_CACHE_MOUNT_NS": "ns" })).toMatchObject({
    shmSize: 65536,
    cgroupParent: "/p",
    network: "none",
    cacheNamespace: "ns",
  });
});

test("limits of the cgroup are one message", () => {
  const options = { memory: "4194304", memswap: "-1", cpushares: "2", cpuperiod: "100", cpuquota: "50" };
  expect(resources({ ...options, cpusetcpus: "0-3, 5", cpusetmems: "0" })).toEqual({
    memory: 4194304,
    memorySwap: -1,
    cpuShares: 2,
    cpuPeriod: 100,
    cpuQuota: 50,
    cpusetCpus: "0-3, 5",
    cpusetMems: "0",
  });
  expect(resources({ memory: "", cpusetcpus: "" })).toBeUndefined();
});

describe("mistakes", () => {
  test.each([
    ["add-hosts", "a", 'expected name=value, got "a"'],
    ["add-hosts", "a=host-gateway", 'the address of "a" is no IP address: "host-gateway"'],
    ["add-hosts", "=1.2.3.4", '"" is no host name'],
    ["add-hosts", 'a=1.1.1.1,"b', "a double quote is not closed"],
    ["ulimit", "nofile", 'expected name=value, got "nofile"'],
    ["ulimit", "nofile=a", 'expected nofile=SOFT[:HARD], got "nofile=a"'],
    ["ulimit", "nofile=1:2:3", 'expected nofile=SOFT[:HARD], got "nofile=1:2:3"'],
    ["ulimit", "nofile=5:4", "the soft limit of nofile is above the hard"],
    ["ulimit", "nofiles=5", 'unknown limit "nofiles" (did you mean "nofile"?)'],
    ["shm-size", "64m", 'expected a whole number of 0 or more, got "64m"'],
    ["force-network-mode", "bridge", 'expected sandbox, none, host, got "bridge"'],
    ["memory", "0", 'expected a whole number of 1 or more, got "0"'],
    ["memory", "512m", 'expected a whole number of 1 or more, got "512m"'],
    ["memswap", "-2", 'expected a whole number of 1 or more, or -1, got "-2"'],
    ["cpushares", "-1", 'expected a whole number of 1 or more, got "-1"'],
    ["cpuperiod", "1e3", 'expected a whole number of 1 or more, got "1e3"'],
    ["cpuquota", "-1", 'expected a whole number of 1 or more, got "-1"'],
    ["cpusetcpus", "3-1", 'expected numbers and ranges such as 0-3,5, got "3-1"'],
    ["cpusetcpus", "8193", 'expected numbers and ranges such as 0-3,5, got "8193"'],
    ["cpusetmems", "all", 'expected numbers and ranges such as 0-3,5, got "all"'],
  ])("%s=%s", (name, value, problem) => {
    expect(() => read({ [name]: value })).toThrow(`option "${name}": ${problem}`);
  });
});

test("only what counts for steps is chosen, and only when it says something", () => {
  const options = { memory: "1", hostname: "", target: "t", "build-arg:BUILDKIT_SANDBOX_HOSTNAME": "h" };
  expect(chooseStepOptions(new Map(Object.entries(options)))).toEqual({
    memory: "1",
    "build-arg:BUILDKIT_SANDBOX_HOSTNAME": "h",
  });
});
