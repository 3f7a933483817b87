import { describe, expect, test } from "bun:test";
import { type ContainerConfig, formatConfig, type ImageConfig } from "../../src/image/config.ts";
import { checkExportOptions, type ExportOptions, inheritConfig } from "../../src/image/export-config.ts";
import { failureOf } from "./failure.ts";
import { amd64 } from "./fake-registry.ts";

const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

function baseImage(config: ContainerConfig, more: Partial<ImageConfig> = {}): ImageConfig {
  return { os: "linux", architecture: "amd64", config, rootfs: { type: "layers", diff_ids: ["sha256:x"] }, ...more };
}

function exported(config: ContainerConfig, options: ExportOptions): ContainerConfig {
  return inheritConfig(baseImage({ Env: [path], ...config }), options, amd64).config;
}

describe("inheritConfig from nothing", () => {
  test("is what FROM scratch gives", () => {
    expect(formatConfig(inheritConfig(undefined, {}, { os: "linux", architecture: "arm64", variant: "v9" }))).toBe(
      `{"architecture":"arm64","os":"linux","variant":"v9","config":{"Env":["${path}"],"WorkingDir":"/"},"rootfs":{"type":"layers","diff_ids":[]}}`,
    );
  });

  test("sets no PATH on Windows", () => {
    expect(inheritConfig(undefined, { os: "windows" }, amd64).config.Env).toEqual([]);
  });

  test("is what inherit = false gives, whatever the base", () => {
    const base = baseImage({ Env: ["A=1"], Cmd: ["x"], User: "u", Labels: { a: "1" } }, { author: "me" });
    expect(inheritConfig(base, { inherit: false }, amd64)).toEqual(inheritConfig(undefined, {}, amd64));
  });

  test("takes every option", () => {
    const options: ExportOptions = {
      entrypoint: ["/app"],
      cmd: ["serve"],
      env: new Map([["B", "2"]]),
      user: "app",
      workdir: "/srv",
      expose: [8080, "53/udp"],
      volumes: ["/data"],
      labels: new Map([["k", "v"]]),
      stop_signal: "SIGINT",
      shell: ["/bin/bash", "-c"],
      healthcheck: { cmd: ["curl", "x"], interval: "30s", timeout: "1m30s", start_period: 1e9, retries: 3 },
      author: "me",
      created: "2024-01-31T12:00:00Z",
      os: "linux",
      arch: "arm",
      variant: "v6",
    };
    expect(JSON.parse(formatConfig(inheritConfig(undefined, options, amd64)))).toEqual({
      created: "2024-01-31T12:00:00Z",
      author: "me",
      architecture: "arm",
      os: "linux",
      variant: "v6",
      config: {
        User: "app",
        ExposedPorts: { "53/udp": {}, "8080/tcp": {} },
        Env: [path, "B=2"],
        Entrypoint: ["/app"],
        Cmd: ["serve"],
        Volumes: { "/data": {} },
        WorkingDir: "/srv",
        Labels: { k: "v" },
        StopSignal: "SIGINT",
        Healthcheck: { Test: ["CMD", "curl", "x"], Interval: 30e9, Timeout: 90e9, StartPeriod: 1e9, Retries: 3 },
        Shell: ["/bin/bash", "-c"],
      },
      rootfs: { type: "layers", diff_ids: [] },
    });
  });
});

describe("inheritConfig from a base image", () => {
  test("keeps the base as FROM does: no creation time, no ONBUILD, no layers, but its history and author", () => {
    const history = [{ created_by: "ADD", created: "2020-01-01T00:00:00Z" }];
    const base = baseImage(
      { OnBuild: ["RUN x"], User: "u" },
      { created: "2020-01-01T00:00:00Z", author: "me", history },
    );
    const config = inheritConfig(base, {}, amd64);
    expect(config.created).toBeUndefined();
    expect(config.config.OnBuild).toBeUndefined();
    expect(config.rootfs.diff_ids).toEqual([]);
    expect(config.history).toEqual(history);
    expect(config.author).toBe("me");
    expect(config.config.User).toBe("u");
  });

  test("adds PATH when the base has none", () => {
    const base = baseImage({ Env: ["A=1"] });
    expect(inheritConfig(base, {}, amd64).config.Env).toEqual(["A=1", path]);
  });

  test("an entrypoint resets the inherited cmd, a cmd does not reset the entrypoint", () => {
    const base = { Entrypoint: ["/a"], Cmd: ["x"] };
    expect(exported(base, { entrypoint: ["/b"] })).toMatchObject({ Entrypoint: ["/b"], Cmd: undefined });
    expect(exported(base, { entrypoint: ["/b"], cmd: ["y"] })).toMatchObject({ Entrypoint: ["/b"], Cmd: ["y"] });
    expect(exported(base, { cmd: ["y"] })).toMatchObject({ Entrypoint: ["/a"], Cmd: ["y"] });
    const emptied = inheritConfig(baseImage(base), { entrypoint: [] }, amd64);
    expect(formatConfig(emptied)).not.toMatch(/Entrypoint|Cmd/);
  });

  test("a command that is a string runs in the shell of the image", () => {
    expect(exported({}, { cmd: "echo $A" }).Cmd).toEqual(["/bin/sh", "-c", "echo $A"]);
    expect(exported({ Shell: ["/bin/ash", "-c"] }, { cmd: "x" }).Cmd).toEqual(["/bin/ash", "-c", "x"]);
    expect(exported({}, { entrypoint: "x", shell: ["/bin/bash", "-c"] }).Entrypoint).toEqual(["/bin/bash", "-c", "x"]);
  });

  test("env replaces in place and appends", () => {
    expect(exported({ Env: ["A=1", path, "B=2"] }, { env: ["C=3", "A=x=y"] }).Env).toEqual([
      "A=x=y",
      path,
      "B=2",
      "C=3",
    ]);
    expect(exported({ Env: [path] }, { env: new Map([["PATH", "/bin"]]) }).Env).toEqual(["PATH=/bin"]);
  });

  test("labels, ports and volumes are merged and sorted", () => {
    const base = { Labels: { b: "1", c: "1" }, ExposedPorts: { "90/tcp": {} }, Volumes: { "/z": {} } };
    const labels = new Map([
      ["c", "2"],
      ["a", "3"],
    ]);
    const config = inheritConfig(baseImage(base), { labels, expose: ["80-81"], volumes: ["/a"] }, amd64);
    const text = formatConfig(config);
    expect(text).toContain('"Labels":{"a":"3","b":"1","c":"2"}');
    expect(text).toContain('"ExposedPorts":{"80/tcp":{},"81/tcp":{},"90/tcp":{}}');
    expect(text).toContain('"Volumes":{"/a":{},"/z":{}}');
  });

  test.each([
    ["/srv", "app", "/srv/app"],
    ["/srv", "../x/./y/", "/x/y"],
    ["/srv", "/other/", "/other"],
    ["/", "app", "/app"],
    ["", "app", "/app"],
    ["rel", undefined, "/rel"],
    ["", undefined, undefined],
  ])("working directory %p then %p", (inherited, given, expected) => {
    expect(exported({ WorkingDir: inherited }, given === undefined ? {} : { workdir: given }).WorkingDir).toBe(
      expected,
    );
  });

  test("a Windows working directory has backslashes and no drive", () => {
    const base = baseImage({ WorkingDir: "C:\\srv" }, { os: "windows" });
    expect(inheritConfig(base, { workdir: "app" }, amd64).config.WorkingDir).toBe("\\srv\\app");
  });

  test("the platform is the base's unless options say otherwise", () => {
    const base = baseImage({}, { architecture: "arm", variant: "v7", "os.version": "1" });
    expect(inheritConfig(base, {}, amd64)).toMatchObject({ architecture: "arm", variant: "v7", "os.version": "1" });
    expect(inheritConfig(base, { arch: "amd64" }, amd64)).toMatchObject({ architecture: "amd64", variant: undefined });
    expect(inheritConfig(base, { os: "windows" }, amd64)["os.version"]).toBeUndefined();
    const unnamed = baseImage({}, { architecture: "", os: "" });
    expect(inheritConfig(unnamed, {}, { os: "linux", architecture: "arm64", variant: "v9" })).toMatchObject({
      os: "linux",
      architecture: "arm64",
      variant: "v9",
    });
  });

  test("a healthcheck replaces the inherited one, but keeps its command when it has none", () => {
    const base = { Healthcheck: { Test: ["CMD", "old"], Interval: 5e9 } };
    expect(exported(base, { healthcheck: { cmd: "new" } }).Healthcheck).toEqual({ Test: ["CMD-SHELL", "new"] });
    expect(exported(base, { healthcheck: { interval: "2s" } }).Healthcheck).toEqual({
      Test: ["CMD", "old"],
      Interval: 2e9,
    });
    expect(exported(base, { healthcheck: { disable: true } }).Healthcheck).toEqual({ Test: ["NONE"] });
    expect(exported(base, {}).Healthcheck).toEqual(base.Healthcheck);
  });

  test("seconds since 1970 are a creation time", () => {
    expect(inheritConfig(undefined, { created: 1706702400 }, amd64).created).toBe("2024-01-31T12:00:00Z");
  });
});

describe("checkExportOptions", () => {
  test.each<[ExportOptions, string]>([
    [{ expose: ["abc"] }, 'option "expose": "abc" is not a port'],
    [{ expose: [70000] }, 'option "expose": "70000" is not a port'],
    [{ env: ["A"] }, 'option "env": "A" is not NAME=value'],
    [{ env: ["=x"] }, 'option "env": "=x" is not NAME=value'],
    [{ env: new Map([["A=B", "x"]]) }, 'option "env": "A=B" is not a variable name'],
    [{ env: ["A=\0secret"] }, 'option "env": the value of "A" has a NUL byte'],
    [{ volumes: ["data"] }, 'option "volumes": "data" is not an absolute path'],
    [{ volumes: [""] }, 'option "volumes": a path is empty'],
    [{ labels: new Map([["", "x"]]) }, 'option "labels": a label has no name'],
    [{ annotations: new Map([["a b", "x"]]) }, 'option "annotations": "a b" is not an annotation key'],
    [{ stop_signal: "SIGNOPE" }, 'option "stop_signal": "SIGNOPE" is not a signal'],
    [{ shell: [] }, 'option "shell": it is empty'],
    [{ healthcheck: { cmd: "x", test: "x" } }, 'option "healthcheck": "cmd" and "test" mean the same'],
    [{ healthcheck: { cmd: "x", interval: "1us" } }, 'option "healthcheck": "interval" must be at least 1ms'],
    [{ healthcheck: { cmd: "x", interval: "soon" } }, '"soon" is not a duration'],
    [{ created: "yesterday" }, 'option "created": "yesterday" is not a time'],
    [{ created: 1e12 }, 'option "created": "1000000000000" is not a time'],
    [{ os: "", inherit: false }, 'option "os": it is empty'],
  ])("refuses %p", (options, message) => {
    const error = failureOf(() => checkExportOptions(options, amd64));
    expect(error.code).toBe("image.config");
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("secret");
  });

  test("lets a healthcheck without a command pass: a base may have one", () => {
    checkExportOptions({ healthcheck: { interval: "2s" } }, amd64);
  });
});
