import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type PushedImage, pushImage } from "../support/push.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { images } = testbed();
const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What busybox:configured says, which a result inherits where the script says nothing. */
const inherited = {
  Env: [path, "FOO=from-base"],
  User: "app",
  WorkingDir: "/work",
  Entrypoint: ["/bin/busybox"],
  Cmd: ["sh", "-l"],
  Labels: { "org.example.base": "configured", "org.example.keep": "yes" },
  ExposedPorts: { "8080/tcp": {}, "9090/udp": {} },
  Volumes: { "/data": {} },
  StopSignal: "SIGUSR1",
  Healthcheck: { Test: ["CMD", "true"], Interval: 30e9, Timeout: 5e9, Retries: 3 },
};

const exporting = (options: string, base = `bk.image("${images.configured}")`) =>
  `bk.export(${base}:mkfile("/work/new", "new"), {${options}})`;

interface ExportCase {
  readonly title: string;
  readonly options: string;
  /** Changes of the inherited config; undefined takes a key away. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What stands beside the config. */
  readonly image?: Readonly<Record<string, unknown>>;
}

const cases: ExportCase[] = [
  { title: "nothing inherits everything", options: "" },
  {
    title: "entrypoint, which resets cmd",
    options: 'entrypoint = {"/app", "serve"}',
    config: { Entrypoint: ["/app", "serve"], Cmd: undefined },
  },
  {
    title: "entrypoint as text runs in the shell",
    options: 'entrypoint = "exec app"',
    config: { Entrypoint: ["/bin/sh", "-c", "exec app"], Cmd: undefined },
  },
  { title: "cmd", options: 'cmd = {"a", "b \\"c\\""}', config: { Cmd: ["a", 'b "c"'] } },
  {
    title: "cmd as text runs in the shell",
    options: 'cmd = "echo hi, all"',
    config: { Cmd: ["/bin/sh", "-c", "echo hi, all"] },
  },
  { title: "both", options: 'entrypoint = {"/e"}, cmd = {"c"}', config: { Entrypoint: ["/e"], Cmd: ["c"] } },
  {
    title: "env as a map",
    options: 'env = {FOO = "new", NEW = "a=b,c", EMPTY = ""}',
    config: { Env: [path, "FOO=new", "EMPTY=", "NEW=a=b,c"] },
  },
  { title: "env as a list", options: 'env = {"Z=1", "A=2"}', config: { Env: [path, "FOO=from-base", "Z=1", "A=2"] } },
  { title: "user", options: 'user = "1234:5678"', config: { User: "1234:5678" } },
  { title: "workdir", options: 'workdir = "/srv"', config: { WorkingDir: "/srv" } },
  { title: "workdir relative to the base's", options: 'workdir = "deep/er"', config: { WorkingDir: "/work/deep/er" } },
  {
    title: "expose",
    options: 'expose = {80, "53/udp", "8000-8001/tcp"}',
    config: { ExposedPorts: { ...inherited.ExposedPorts, "80/tcp": {}, "53/udp": {}, "8000/tcp": {}, "8001/tcp": {} } },
  },
  {
    title: "volumes",
    options: 'volumes = {"/cache", "/log"}',
    config: { Volumes: { "/data": {}, "/cache": {}, "/log": {} } },
  },
  {
    title: "labels",
    options: 'labels = {["org.example.base"] = "changed", new = "with \\"quotes\\", commas=and\\nlines"}',
    config: {
      Labels: { "org.example.base": "changed", "org.example.keep": "yes", new: 'with "quotes", commas=and\nlines' },
    },
  },
  { title: "stop_signal", options: 'stop_signal = "SIGTERM"', config: { StopSignal: "SIGTERM" } },
  {
    title: "shell, for text that comes later",
    options: 'shell = {"/bin/ash", "-ec"}, cmd = "x"',
    config: { Shell: ["/bin/ash", "-ec"], Cmd: ["/bin/ash", "-ec", "x"] },
  },
  {
    title: "healthcheck",
    options:
      'healthcheck = {test = {"CMD", "check"}, interval = "10s", timeout = "1m30s", start_period = "5s", start_interval = "500ms", retries = 7}',
    config: {
      Healthcheck: {
        Test: ["CMD", "check"],
        Interval: 10e9,
        Timeout: 90e9,
        StartPeriod: 5e9,
        StartInterval: 500e6,
        Retries: 7,
      },
    },
  },
  {
    title: "healthcheck as text",
    options: 'healthcheck = {test = "check | grep ok", retries = 1}',
    config: { Healthcheck: { Test: ["CMD-SHELL", "check | grep ok"], Retries: 1 } },
  },
  {
    title: "healthcheck switched off",
    options: 'healthcheck = {test = {"NONE"}}',
    config: { Healthcheck: { Test: ["NONE"] } },
  },
  {
    title: "author",
    options: 'author = "Jane Doe <jane@example.org>"',
    image: { author: "Jane Doe <jane@example.org>" },
  },
  { title: "created", options: 'created = "2020-02-02T02:02:02Z"', image: { created: "2020-02-02T02:02:02Z" } },
  {
    title: "os, arch and variant",
    options: 'os = "linux", arch = "arm", variant = "v6"',
    image: { os: "linux", architecture: "arm", variant: "v6" },
  },
  {
    title: "inherit = false starts anew",
    options: 'inherit = false, cmd = {"only"}',
    config: {
      ...Object.fromEntries(Object.keys(inherited).map((key) => [key, undefined])),
      Env: [path],
      WorkingDir: "/",
      Cmd: ["only"],
    },
  },
];

describe("an image that buildctl makes with luakit config --output-attr", () => {
  const pushed: PushedImage[] = [];
  beforeAll(async () => {
    const results = cases.map(({ options }) => pushImage(exporting(options)));
    pushed.push(...(await Promise.all(results)));
  }, 120_000);

  test.each(cases.map((each, index) => [each.title, each, index] as const))("%s", (_, { config, image }, index) => {
    const expected = Object.entries({ ...inherited, ...config }).filter(([, value]) => value !== undefined);
    const found = pushed[index];
    expect({ ...found?.config.config }).toEqual(Object.fromEntries(expected));
    expect(found?.config).toMatchObject({ os: "linux", architecture: "amd64", ...image });
  });

  test("has the base's layers and its own, and their history", () => {
    expect(pushed[0]?.config.rootfs.diff_ids.length).toBe(3);
    expect(pushed[0]?.config.history?.length).toBeGreaterThanOrEqual(2);
  });

  test("is new, unless created says when", () => {
    expect(Date.parse(pushed[0]?.config.created ?? "")).toBeGreaterThan(Date.now() - 3_600_000);
  });
});

describe("annotations", () => {
  test("are on the manifest", async () => {
    const script = exporting('annotations = {["org.opencontainers.image.title"] = "A \\"title\\", two", plain = "1"}');
    const { manifest } = await pushImage(script, { attributes: ",oci-mediatypes=true" });
    expect(manifest.annotations).toMatchObject({ "org.opencontainers.image.title": 'A "title", two', plain: "1" });
  });
});

describe("what a result descends from", () => {
  test("another base", async () => {
    const { config } = await pushImage(`bk.export(bk.image("${images.debianConfigured}"):mkfile("/new", ""))`);
    expect(config.config).toMatchObject({ User: "app", WorkingDir: "/srv/work" });
  });

  test("scratch has nothing to inherit", async () => {
    const { config } = await pushImage('bk.export(bk.scratch():mkfile("/app", ""), {entrypoint = {"/app"}})');
    expect(config.config).toEqual({ Env: [path], Entrypoint: ["/app"], WorkingDir: "/" });
  });

  test("through copies and steps, not through what is copied from or mounted", async () => {
    const { config } = await pushImage(`
      local tools = bk.image("${images.configured}")
      local base = bk.image("${images.busybox}")
      bk.export(base:copy(tools, "/work", "/w"):run("true", {mounts = {bk.bind(tools, "/t")}}))`);
    expect(config.config).toEqual({ Env: [path], Cmd: ["sh"] });
  });

  test("state settings are for steps and do not end up in the config", async () => {
    const { config } = await pushImage(
      `bk.export(bk.image("${images.configured}"):with_env({STEP = "1"}):with_dir("/tmp"):with_user("root"):mkfile("/x", ""))`,
    );
    expect(config.config).toEqual(inherited);
  });

  test("the image of the platform that is built", async () => {
    const script = `bk.export(bk.image("${images.multi}"):mkfile("/new", ""))`;
    const [arm, amd] = await Promise.all(
      ["linux/arm64", "linux/amd64"].map((platform) => pushImage(script, { flags: [`--platform=${platform}`] })),
    );
    expect(arm?.config).toMatchObject({ architecture: "arm64", config: { Env: [path, "MULTI=linux/arm64"] } });
    expect(amd?.config).toMatchObject({ architecture: "amd64", config: { Env: [path, "MULTI=linux/amd64"] } });
  });
});
