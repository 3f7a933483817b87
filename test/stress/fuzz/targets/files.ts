import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { currentBuilder, listBuilders, readBuilder } from "../../../../src/client/buildx-store.ts";
import { currentDockerEndpoint } from "../../../../src/client/docker-context.ts";
import { parseSourcePolicy } from "../../../../src/client/source-policy.ts";
import { LuakitError } from "../../../../src/diagnostic/luakit-error.ts";
import { parseEditorConfig, propertiesOf } from "../../../../src/format/editor-config.ts";
import { parseStyleFile } from "../../../../src/format/style-file.ts";
import { openDockerConfig } from "../../../../src/image/docker-config.ts";
import { readTrace } from "../../../../src/progress/read-trace.ts";
import { parseOpensshKey } from "../../../../src/session/ssh-key-openssh.ts";
import { parsePemKey } from "../../../../src/session/ssh-key-pem.ts";
import { hostOf } from "../../../client/host.ts";
import { changedJson } from "../driver/changed-json.ts";
import type { Target } from "../driver/fuzz.ts";
import { tolerate, tolerateLater } from "../driver/tolerate.ts";

const login = {
  auths: {
    "https://index.docker.io/v1/": { auth: "YTpi" },
    "ghcr.io": { username: "a", password: "b", identitytoken: "t" },
  },
  credHelpers: { "gcr.io": "none" },
  credsStore: "",
  currentContext: "remote",
};
const context = {
  Name: "remote",
  Endpoints: { docker: { Host: "tcp://host:2376", SkipTLSVerify: false } },
  Metadata: {},
};
const builder = {
  Name: "b",
  Driver: "remote",
  Nodes: [
    {
      Name: "b0",
      Endpoint: "tcp://host:1234",
      Platforms: [{ os: "linux", architecture: "arm64" }],
      DriverOpts: { cacert: "/a" },
      Files: { "buildkitd.toml": "YQ==" },
    },
  ],
};
const current = { Key: "unix:///var/run/docker.sock", Name: "b", Global: false };
const policy = {
  version: 1,
  rules: [
    {
      action: "CONVERT",
      selector: {
        identifier: "docker-image://*",
        match_type: "WILDCARD",
        constraints: [{ key: "a", condition: "EQUAL", value: "b" }],
      },
      updates: { identifier: "docker-image://x", attrs: { a: "b" } },
    },
    { action: "DENY", selector: { identifier: "https://a" } },
  ],
};

function place(home: string, name: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(join(home, name)), { recursive: true });
  writeFileSync(join(home, name), bytes);
}

/** Everything that reads files of a user's own, which are below `home`. */
export function fileTargets(home: string): readonly Target[] {
  const contextFile = `.docker/contexts/meta/${new Bun.CryptoHasher("sha256").update("remote").digest("hex")}/meta.json`;
  const buildx = join(home, "buildx");
  return [
    {
      kind: "docker-config",
      seeds: [JSON.stringify(login)],
      generate: changedJson([login]),
      short: 100,
      run: async (bytes) => {
        place(home, "config.json", bytes);
        const ask = openDockerConfig({ configDir: home, variables: { PATH: "/nowhere" } });
        const hosts = ["docker.io", "ghcr.io", "gcr.io", "__proto__", "localhost:5000"];
        const outcomes = hosts.map((host) => tolerateLater(async () => ask(host), LuakitError));
        return (await Promise.all(outcomes)).join();
      },
    },
    {
      kind: "docker-context",
      seeds: [JSON.stringify(context)],
      generate: changedJson([context]),
      short: 100,
      run: (bytes) => {
        place(home, ".docker/config.json", JSON.stringify(login));
        place(home, contextFile, bytes);
        return tolerate(() => currentDockerEndpoint(hostOf(home)), LuakitError);
      },
    },
    {
      kind: "buildx-store",
      seeds: [JSON.stringify(builder), JSON.stringify(current)],
      generate: changedJson([builder, current]),
      short: 100,
      run: (bytes) => {
        place(buildx, "instances/b", bytes);
        place(buildx, "current", bytes);
        const reads = [
          () => readBuilder(buildx, "b"),
          () => currentBuilder(buildx, current.Key),
          () => listBuilders(buildx),
        ];
        return reads.map((read) => tolerate(read, LuakitError)).join();
      },
    },
    {
      kind: "trace",
      seeds: [
        '{"vertexes":[{"digest":"a","name":"b","started":"2024-01-01T00:00:00.5Z"}]}\n{"logs":[{"vertex":"a","stream":1,"data":"YQ==","timestamp":"2024-01-01T00:00:00Z"}]}\nno\n',
      ],
      generate: (random) =>
        `${changedJson([{ vertexes: [{ digest: "a", inputs: ["b"], started: "2024-01-01T00:00:00Z", progressGroup: { id: "g" } }], statuses: [{ id: "s", current: 1 }], warnings: [{ short: "YQ==", detail: ["YQ=="], range: [{ start: { line: 1 } }] }] }])(random)}\n`,
      short: 100,
      run: (bytes) => {
        place(home, "trace", bytes);
        return tolerate(() => [...readTrace(join(home, "trace"), "trace")], LuakitError);
      },
    },
    {
      kind: "source-policy",
      seeds: [JSON.stringify(policy)],
      generate: changedJson([policy]),
      run: (bytes) => tolerate(() => parseSourcePolicy(Buffer.from(bytes).toString(), "policy.json"), LuakitError),
    },
    {
      kind: "editorconfig",
      seeds: ["root = true\n[*.lua]\nindent_style = tab\n[{a,b}.lua]\nindent_size=2\n[a/**/{1..9}]\n"],
      dictionary: ["[", "]", "{", "}", ",", "..", "**", "*", "?", "!", "=", "\n", "\\", "[!a]", "{1..99999999}"],
      run: (bytes) => String(propertiesOf(parseEditorConfig(Buffer.from(bytes).toString()), "a/b/c.lua").size),
    },
    {
      kind: "stylua-toml",
      seeds: ['indent_type = "Spaces"\nindent_width = 4\ncolumn_width = 100\n[sort_requires]\nenabled = true\n'],
      dictionary: ["=", "[", "]", '"', "'", "\n", "-1", "1e9", "{", "}", ".", "[[", "call_parentheses"],
      run: (bytes) => tolerate(() => parseStyleFile("stylua.toml", Buffer.from(bytes).toString()), LuakitError),
    },
    {
      kind: "ssh-key",
      seeds: [
        Buffer.from(
          "openssh-key-v1\0\0\0\0\u0004none\0\0\0\u0004none\0\0\0\0\0\0\0\u0001\0\0\0\u0001x\0\0\0\u0002ab",
          "latin1",
        ),
        Uint8Array.of(0x30, 3, 2, 1, 0),
      ],
      dictionary: ["openssh-key-v1\0", "none", "ssh-ed25519", "ecdsa-sha2-nistp256", "\0\0\0\u0004"],
      short: 100,
      run: async (bytes) => {
        const openssh = tolerate(() => parseOpensshKey(bytes), RangeError, LuakitError);
        await parsePemKey("RSA PRIVATE KEY", bytes);
        return openssh;
      },
    },
  ];
}
