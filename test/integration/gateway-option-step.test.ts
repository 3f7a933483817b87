import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildTree, inDirectory, unique, writeFiles } from "../support/build.ts";
import { expectSuccess, withBuildx } from "../support/client.ts";
import { failure, frontendBuild, frontendTree } from "../support/frontend-build.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const { images, addr, v012, v021, docker } = testbed();
const older = [v012, v021].filter((daemon) => daemon !== undefined);
const daemons = [["the newest daemon", addr], ...(v012 === undefined ? [] : [["v0.12", v012.addr] as const])] as const;

/** Shell functions that write one word about the step that they run in. */
const look = `
first() { for file in "$@"; do if [ -e $file ]; then echo $(cat $file); return; fi; done; echo none; }
hosts() { echo $(grep -e probe /etc/hosts | sort); }
limits() { echo $(ulimit -Sn) $(ulimit -Hn) $(ulimit -c); }
shm() { df -k /dev/shm | awk 'END {print $2}'; }
net() { ls /sys/class/net | grep -c -v lo; }
parent() { grep -o -e luakit-parent-[a-z]* /proc/self/cgroup | sort -u; }
memory() { first /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max; }
swap() { first /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes /sys/fs/cgroup/memory.swap.max; }
cpus() { first /sys/fs/cgroup/cpuset/cpuset.cpus /sys/fs/cgroup/cpuset.cpus; }
mems() { first /sys/fs/cgroup/cpuset/cpuset.mems /sys/fs/cgroup/cpuset.mems; }
period() { cd /sys/fs/cgroup; if [ -e cpu.max ]; then cat cpu.max; else echo $(cat cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us); fi; }
shares() { first /sys/fs/cgroup/cpu/cpu.shares /sys/fs/cgroup/cpu.weight; }
`;

const command = (...words: readonly string[]) =>
  `${look}{ ${words.map((word) => `echo ${word}: $(${word});`).join(" ")} } > /said 2>&1`;
const script = (run: string, options = "") => `
  local step = bk.image("${images.busybox}"):run([[${run}\ntrue # ${unique()}]], {${options}})
  bk.export(bk.scratch():copy(step, "/said", "/said"))`;
const dockerfile = (run: string) => `FROM ${images.busybox} AS step
COPY <<"END" /probe.sh
${run}
END
RUN sh /probe.sh # ${unique()}
FROM scratch
COPY --from=step /said /said
`;

const isolation = {
  hostname: "given",
  "add-hosts": '"Probe-One=10.1.2.3",probe-six=fd00::7',
  ulimit: "nofile=123:456,core=0",
  "shm-size": "3145728",
  "cgroup-parent": "luakit-parent-given",
  "force-network-mode": "none",
};
const words = ["hostname", "hosts", "limits", "shm", "net", "parent"];
const given = `hostname: given
hosts: 10.1.2.3 probe-one fd00::7 probe-six
limits: 123 456 0
shm: 3072
net: 0
parent: luakit-parent-given
`;

describe.concurrent.each(daemons)("on %s", (_, daemon) => {
  test("a step gets what the client asks for all steps, as the steps of a Dockerfile do", async () => {
    const run = command(...words);
    const [ours, theirs] = await Promise.all([
      frontendTree({ files: { "build.lua": script(run) }, opts: isolation, addr: daemon }),
      frontendTree({ files: { Dockerfile: dockerfile(run) }, opts: isolation, addr: daemon }),
    ]);
    expect(ours.text("said")).toBe(given);
    expect(theirs.text("said")).toBe(given);
  });

  test("what a step says itself goes before", async () => {
    const own = `hostname = "own", network = "sandbox", shm_size = "2MB", cgroup_parent = "luakit-parent-own",
      hosts = {["probe-one"] = "10.9.9.9"}, ulimits = {nofile = 77}`;
    const tree = await frontendTree({
      files: { "build.lua": script(command(...words), own) },
      opts: isolation,
      addr: daemon,
    });
    expect(tree.text("said")).toBe(`hostname: own
hosts: 10.9.9.9 probe-one fd00::7 probe-six
limits: 77 77 0
shm: 2048
net: 1
parent: luakit-parent-own
`);
  });

  test("the build argument for the host name goes before the option", async () => {
    const opts = { hostname: "option", "build-arg:BUILDKIT_SANDBOX_HOSTNAME": "argument" };
    const files = {
      "build.lua": script(`${command("hostname")}\necho ${"$"}{BUILDKIT_SANDBOX_HOSTNAME:-unset} >> /said`),
    };
    const tree = await frontendTree({ files, opts, addr: daemon });
    expect(tree.text("said")).toBe("hostname: argument\nunset\n");
  });

  test("a cache of a namespace is that of a Dockerfile with the same one, and of no other", async () => {
    const id = unique();
    const opts = (name: string) => ({ "build-arg:BUILDKIT_CACHE_MOUNT_NS": name });
    const mount = `mounts = {bk.cache("/cache", {id = "${id}"})}`;
    const read = () => ({ "build.lua": script("cat /cache/word > /said 2>&1 || echo empty > /said", mount) });
    const write = `FROM ${images.busybox}\nRUN --mount=type=cache,id=${id},target=/cache echo written > /cache/word # ${id}\n`;
    await frontendTree({ files: { Dockerfile: write }, opts: opts("one"), addr: daemon });
    const said = async (build: Readonly<Record<string, string>>) =>
      (await frontendTree({ files: read(), opts: build, addr: daemon })).text("said").split("\n").at(-2);
    expect(await said(opts("one"))).toBe("written");
    expect(await said(opts("two"))).toBe("empty");
  });

  test("a Dockerfile that a script builds gets the same", async () => {
    const files = {
      "build.lua": 'bk.export(bk.dockerfile{context = "context", filename = "inner.dockerfile"})',
      "inner.dockerfile": dockerfile(command(...words)),
    };
    const tree = await frontendTree({ files, opts: isolation, addr: daemon });
    expect(tree.text("said")).toBe(given);
  });
});

const resources = {
  memory: "67108864",
  memswap: "201326592",
  cpushares: "512",
  cpuperiod: "50000",
  cpuquota: "25000",
  cpusetcpus: "0",
  cpusetmems: "0",
};

describe.concurrent("limits of the cgroup", () => {
  test("hold for every step, as in a Dockerfile", async () => {
    const run = command("memory", "swap", "period", "cpus", "mems", "shares");
    const [ours, theirs] = await Promise.all([
      frontendTree({ files: { "build.lua": script(run) }, opts: resources }),
      frontendTree({ files: { Dockerfile: dockerfile(run) }, opts: resources }),
    ]);
    expect(ours.text("said")).toBe(theirs.text("said"));
    // Shares are a weight where cgroups are of the second version.
    expect(ours.text("said")).toMatch(
      /^memory: 67108864\nswap: (201326592|134217728)\nperiod: 25000 50000\ncpus: 0\nmems: 0\nshares: (512|20|59)\n$/,
    );
  });

  test.each(older.map(({ addr: old, version }) => [version, old] as const))(
    "are refused where the daemon would take no notice: %s",
    async (_, daemon) => {
      const said = await failure(
        frontendBuild({ files: { "build.lua": script("true") }, opts: resources, addr: daemon }),
      );
      expect(said).toContain('the BuildKit daemon does not support "exec.meta.linux.resources"');
      expect(said).toContain("BuildKit v0.31 or newer has it");
    },
  );
});

test.skipIf(docker === undefined)("a Docker Engine that would take no notice of an option is told so", async () => {
  const opts = { "cgroup-parent": "/luakit-parent", "shm-size": "1048576", ulimit: "core=0" };
  const needed = ["exec.meta.cgroup.parent", "exec.mount.tmpfs.size", "exec.meta.ulimit"];
  const said = await Promise.all(
    Object.entries(opts).map(([name, value]) => {
      const files = { "build.lua": script("true") };
      return failure(frontendBuild({ files, opts: { [name]: value }, addr: `docker+${docker?.host}` }));
    }),
  );
  for (const [at, cap] of needed.entries()) {
    expect(said[at]).toContain(`the BuildKit daemon does not support "${cap}"`);
    expect(said[at]).toContain("BuildKit v0.10 or newer has it");
  }
});

test("a proxy of build arguments reaches every step, and none of it counts for the cache", async () => {
  const probe = script("env | grep -i _proxy | sort > /said");
  const inner = dockerfile("env | grep -i _proxy | sort > /said");
  const nested = 'bk.export(bk.dockerfile{context = "context", filename = "inner.dockerfile"})';
  const opts = {
    "build-arg:HTTP_PROXY": "http://upper:1",
    "build-arg:http_proxy": "http://p:1",
    "build-arg:no_proxy": "x",
  };
  const [ours, theirs, within] = await Promise.all([
    frontendTree({ files: { "build.lua": probe }, opts }),
    frontendTree({ files: { Dockerfile: inner }, opts }),
    frontendTree({ files: { "build.lua": nested, "inner.dockerfile": inner }, opts }),
  ]);
  expect(ours.text("said")).toBe("HTTP_PROXY=http://p:1\nNO_PROXY=x\nhttp_proxy=http://p:1\nno_proxy=x\n");
  expect([theirs.text("said"), within.text("said")]).toEqual([ours.text("said"), ours.text("said")]);
  const again = await frontendTree({
    files: { "build.lua": probe },
    opts: { "build-arg:http_proxy": "http://other:2" },
  });
  expect(again.text("said")).toBe(ours.text("said"));
  const emitted = await buildTree(script("env | grep -i _proxy | sort > /said"), {
    buildArgs: { http_proxy: "http://p:1" },
  });
  expect(emitted.text("said")).toBe("HTTP_PROXY=http://p:1\nhttp_proxy=http://p:1\n");
});

test("the network of the host needs the client's word", async () => {
  const files = { "build.lua": script("ls /sys/class/net > /said") };
  const opts = { "force-network-mode": "host" };
  expect(await failure(frontendBuild({ files, opts }))).toContain("network.host is not allowed");
  const tree = await frontendTree({ files, opts, allow: ["network.host"] });
  expect(tree.text("said")).toContain("lo\n");
});

test("buildx says all of it in flags", async () => {
  const text = script(command("hosts", "limits", "shm", "net", "parent"));
  await inDirectory(async (directory) => {
    writeFiles(directory, { "build.lua": `#syntax=${await gatewayImage()}\n${text}` });
    const flags = ["--add-host", "Probe-One:10.1.2.3", "--add-host", "probe-six=[fd00::7]", "--shm-size", "3m"];
    const limits = ["--ulimit", "nofile=123:456", "--ulimit", "core=0", "--cgroup-parent", "luakit-parent-given"];
    const files = ["-f", join(directory, "build.lua"), "-o", join(directory, "out"), directory];
    await withBuildx(addr, async (buildx) => {
      expectSuccess(await buildx("build", ...flags, ...limits, "--network", "none", ...files));
    });
    expect(`hostname: given\n${readFileSync(join(directory, "out/said"), "utf8")}`).toBe(given);
  });
});
