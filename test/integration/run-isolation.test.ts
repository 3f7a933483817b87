import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { buildFails, unique } from "../support/build.ts";
import { runProbes, testProbes } from "../support/probe.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images, devices } = testbed();
const interfaces = "ls /sys/class/net | tr '\\n' ' '";

/** What the daemon says to one step whose command would succeed. */
const refusal = (options: string, allow: readonly string[] = []) =>
  buildFails(`bk.export(bk.image("${images.busybox}"):run("true # ${unique()}", {${options}}))`, { allow });

testProbes("state:run network", [
  { title: "none has nothing but lo", options: 'network = "none"', run: interfaces, expect: "lo" },
  { title: "sandbox has a network of its own", options: 'network = "sandbox"', run: interfaces, expect: /eth/ },
  { title: "is the sandbox without the option", run: interfaces, expect: /eth/ },
]);

describe.concurrent("state:run network = host", () => {
  test("has the machine's interfaces when that is allowed", async () => {
    const step = { options: 'network = "host"', run: interfaces };
    const [output = ""] = await runProbes([step], { allow: ["network.host"] });
    const lasting = readdirSync("/sys/class/net").filter((name) => !name.startsWith("veth"));
    expect(output.split(" ")).toEqual(expect.arrayContaining(lasting));
  });

  test("is refused when it is not", async () => {
    expect(await refusal('network = "host"')).toMatch(/network\.host is not allowed|--allow network\.host/);
  });
});

describe.concurrent("state:run security", () => {
  test("insecure has all capabilities and no filter of system calls, sandbox has few", async () => {
    const run = "awk '/^(CapEff|Seccomp):/ {print $2}' /proc/self/status";
    const [insecure = "", sandbox = "", plain] = await runProbes(
      [{ options: 'security = "insecure"', run }, { options: 'security = "sandbox"', run }, { run }],
      { allow: ["security.insecure"] },
    );
    const capabilities = (status: string) => BigInt(`0x${status.split("\n")[0]}`);
    expect(capabilities(insecure) & ~capabilities(sandbox)).toBeGreaterThan(0n);
    expect(capabilities(sandbox) & ~capabilities(insecure)).toBe(0n);
    expect(plain).toBe(sandbox);
  });

  test("insecure is refused when it is not allowed", async () => {
    expect(await refusal('security = "insecure"')).toMatch(
      /security\.insecure is not allowed|--allow security\.insecure/,
    );
  });
});

testProbes("state:run limits", [
  {
    title: "a number is the soft and the hard limit",
    options: "ulimits = {nofile = 321}",
    run: "ulimit -Sn; ulimit -Hn",
    expect: "321\n321",
  },
  {
    title: "soft and hard differ as text",
    options: 'ulimits = {nofile = "123:456"}',
    run: "ulimit -Sn; ulimit -Hn",
    expect: "123\n456",
  },
  {
    title: "soft and hard differ as a table",
    options: "ulimits = {nofile = {soft = 12, hard = 45}}",
    run: "ulimit -Sn; ulimit -Hn",
    expect: "12\n45",
  },
  {
    title: "several at once",
    options: "ulimits = {nofile = 321, core = 0}",
    run: "ulimit -n; ulimit -c",
    expect: "321\n0",
  },
  { title: "without the option the daemon's own", run: "ulimit -n", expect: /^(?!(321|123|12)$)/ },
  {
    title: "shm_size is the size of /dev/shm",
    options: 'shm_size = "3MB"',
    run: "df -k /dev/shm | awk 'END {print $2}'",
    expect: "3072",
  },
  {
    title: "shm_size is a number of bytes",
    options: "shm_size = 1048576",
    run: "df -k /dev/shm | awk 'END {print $2}'",
    expect: "1024",
  },
  { title: "/dev/shm has 64 MB without it", run: "df -k /dev/shm | awk 'END {print $2}'", expect: "65536" },
]);

describe.concurrent("state:run cgroup_parent", () => {
  test("is the cgroup that the step's own is made in", async () => {
    const parent = `/luakit-${unique()}`;
    const run = "cat /proc/self/cgroup; cat /proc/self/mountinfo | grep cgroup";
    const [inside, outside] = await runProbes([{ options: `cgroup_parent = "${parent}"`, run }, { run }]);
    expect(inside).toContain(parent);
    expect(outside).not.toContain(parent);
  });
});

testProbes("state:run readonly_root", [
  {
    title: "cannot write outside of its mounts",
    options: "readonly_root = true",
    run: "touch /file || true",
    expect: /Read-only file system/,
  },
  {
    title: "can write to a mount",
    options: 'readonly_root = true, mounts = {bk.tmpfs("/tmp")}',
    run: "touch /tmp/file && echo written",
    expect: "written",
  },
  { title: "can write everywhere without it", run: "touch /file && echo written", expect: "written" },
]);

const thing = `echo "$${devices.variable} $(cat ${devices.file} 2>/dev/null)"`;
testProbes(
  "state:run devices",
  [
    { title: "are in the step", options: `devices = {"${devices.one}"}`, run: thing, expect: "one one" },
    {
      title: "are in the step by a table",
      options: `devices = {{name = "${devices.free}"}}`,
      run: thing,
      expect: "free free",
    },
  ],
  { allow: ["device"] },
);

testProbes("state:run devices, not allowed", [
  {
    title: "may be missing when optional",
    options: 'devices = {{name = "vendor.example/thing=missing", optional = true}}',
    run: thing,
    expect: "",
  },
  { title: "are not there without the option", run: thing, expect: "" },
]);

describe.concurrent("state:run devices", () => {
  test("are refused when they are not allowed", async () => {
    // Old daemons say that they have no devices at all: exec.meta.cdi.
    expect(await refusal(`devices = {"${devices.one}"}`)).toMatch(/device|cdi/);
  });

  test("fail the build when they are missing", async () => {
    const options = 'devices = {"vendor.example/thing=missing"}';
    expect(await refusal(options, ["device"])).toContain("vendor.example/thing=missing");
  });
});
