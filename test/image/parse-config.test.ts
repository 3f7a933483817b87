import { expect, test } from "bun:test";
import { formatConfig } from "../../src/image/config.ts";
import { parseImageConfig } from "../../src/image/parse-config.ts";
import { failureOf } from "./failure.ts";

test("reads everything that formatConfig writes, and back to the same bytes", () => {
  const text = JSON.stringify({
    created: "2024-01-01T00:00:00Z",
    author: "me",
    architecture: "arm",
    os: "linux",
    "os.version": "1",
    "os.features": ["f"],
    variant: "v7",
    config: {
      User: "u",
      ExposedPorts: { "80/tcp": {} },
      Env: ["A=1"],
      Entrypoint: ["/e"],
      Cmd: ["c"],
      Volumes: { "/v": {} },
      WorkingDir: "/w",
      Labels: { __proto__x: "1", a: "2" },
      StopSignal: "SIGINT",
      ArgsEscaped: true,
      Healthcheck: { Test: ["CMD", "x"], Interval: 1, Timeout: 2, StartPeriod: 3, StartInterval: 4, Retries: 5 },
      OnBuild: ["RUN x"],
      Shell: ["/bin/sh"],
    },
    rootfs: { type: "layers", diff_ids: ["sha256:1"] },
    history: [{ created: "2024-01-01T00:00:00Z", created_by: "x", author: "y", comment: "z", empty_layer: true }],
  });
  expect(formatConfig(parseImageConfig(text))).toBe(text);
});

test("equal configs have equal bytes, whatever the order of their keys", () => {
  const one = parseImageConfig(
    '{"os":"linux","architecture":"amd64","config":{"Labels":{"b":"1","a":"2","10":"x","9":"y"}}}',
  );
  const two = parseImageConfig(
    '{"config":{"Labels":{"9":"y","a":"2","10":"x","b":"1"}},"architecture":"amd64","os":"linux"}',
  );
  expect(formatConfig(one)).toBe(formatConfig(two));
});

test("null, unknown members and a command that is a string are taken", () => {
  const config = parseImageConfig(
    '{"os":"linux","architecture":"amd64","docker_version":1,"config":{"Cmd":null,"Entrypoint":"/e","Labels":null,"Volumes":{"/v":null}}}',
  );
  expect(formatConfig(config)).toBe(
    '{"architecture":"amd64","os":"linux","config":{"Entrypoint":["/e"],"Volumes":{"/v":{}}},"rootfs":{"type":"layers","diff_ids":[]}}',
  );
  expect(parseImageConfig('{"config":null}').config.Env).toBeUndefined();
});

test("a label named __proto__ is a label", () => {
  const config = parseImageConfig('{"config":{"Labels":{"__proto__":"x"}}}');
  expect(formatConfig(config)).toContain('"Labels":{"__proto__":"x"}');
});

test.each([
  ["[]", "the config of app is not a JSON object"],
  ["", "the config of app is not a JSON object"],
  ['{"os":1}', '"os" must be a string'],
  ['{"config":[]}', '"config" must be an object'],
  ['{"config":{"Env":["A",1]}}', '"config.Env" must be a list of strings'],
  ['{"config":{"Labels":{"a":1}}}', '"config.Labels" must be an object of strings'],
  ['{"config":{"Healthcheck":{"Retries":"3"}}}', '"config.Healthcheck.Retries" must be an integer'],
  ['{"config":{"ArgsEscaped":"yes"}}', '"config.ArgsEscaped" must be true or false'],
  ['{"history":[{"created_by":1}]}', '"history[0].created_by" must be a string'],
  ['{"history":{}}', '"history" must be a list of objects'],
])("refuses %s", (text, message) => {
  const error = failureOf(() => parseImageConfig(text, "app"));
  expect(error.code).toBe("image.config");
  expect(error.message).toContain(message);
});
