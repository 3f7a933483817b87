import { LuakitError } from "../../../../src/diagnostic/luakit-error.ts";
import { parseChallenges } from "../../../../src/image/challenge.ts";
import { formatConfig } from "../../../../src/image/config.ts";
import { parseManifest } from "../../../../src/image/manifest.ts";
import { mergeIndexes } from "../../../../src/image/merge-index.ts";
import { parseImageConfig } from "../../../../src/image/parse-config.ts";
import { matchPlatform } from "../../../../src/image/platform-match.ts";
import { formatFamiliarReference, formatReference, parseReference } from "../../../../src/image/reference.ts";
import { changedJson } from "../driver/changed-json.ts";
import type { Target } from "../driver/fuzz.ts";
import { tolerate } from "../driver/tolerate.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const platform = { os: "linux", architecture: "arm64", variant: "v8", "os.features": ["a"] };
const descriptor = {
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  digest,
  size: 100,
  platform,
  annotations: { a: "b" },
};
const index = {
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.index.v1+json",
  manifests: [descriptor, { ...descriptor, platform: { os: "unknown", architecture: "unknown" } }],
};
const image = {
  schemaVersion: 2,
  config: { ...descriptor, mediaType: "application/vnd.oci.image.config.v1+json" },
  layers: [descriptor],
};
const config = {
  created: "2024-01-01T00:00:00Z",
  architecture: "amd64",
  os: "linux",
  config: {
    Env: ["A=b"],
    Cmd: ["x"],
    Entrypoint: ["y"],
    ExposedPorts: { "80/tcp": {} },
    Labels: { l: "m" },
    Healthcheck: { Test: ["NONE"], Interval: 1e9 },
    Volumes: { "/v": {} },
    User: "1",
    WorkingDir: "/w",
    OnBuild: ["RUN a"],
    StopSignal: "SIGTERM",
  },
  rootfs: { type: "layers", diff_ids: [digest] },
  history: [{ created: "2024-01-01T00:00:00Z", created_by: "a", empty_layer: true }],
};

const manifest: Target = {
  kind: "image-manifest",
  seeds: [JSON.stringify(index), JSON.stringify(image), '{"schemaVersion":1,"signatures":[]}'],
  generate: changedJson([index, image]),
  run: (bytes) =>
    tolerate(() => {
      const parsed = parseManifest({ digest, mediaType: undefined, bytes });
      if (parsed.kind === "index") matchPlatform({ os: "linux", architecture: "arm64" }, parsed.manifests);
    }, LuakitError),
};

const imageConfig: Target = {
  kind: "image-config",
  seeds: [JSON.stringify(config), "{}"],
  generate: changedJson([config]),
  run: (bytes) =>
    tolerate(() => {
      const text = formatConfig(parseImageConfig(bytes));
      if (formatConfig(parseImageConfig(text)) !== text) throw new TypeError("a config that changes on its way");
    }, LuakitError),
};

const merged: Target = {
  kind: "image-indexes",
  seeds: [JSON.stringify(index)],
  generate: changedJson([index]),
  run: (bytes) => tolerate(() => mergeIndexes([bytes, Buffer.from(JSON.stringify(index)), bytes]), LuakitError),
};

const names: Target = {
  kind: "image-names",
  seeds: ["alpine", "a/b:c", `localhost:5000/a/b@${digest}`, "docker.io/library/alpine"],
  dictionary: ["docker.io/", "library/", "index.docker.io/", ":", "@", digest, "localhost", "/"],
  run: (bytes) =>
    tolerate(() => {
      const reference = parseReference(Buffer.from(bytes).toString());
      for (const text of [formatReference(reference), formatFamiliarReference(reference)]) {
        if (!Bun.deepEquals(parseReference(text), reference)) throw new TypeError(`${text} is another image`);
      }
    }, LuakitError),
};

const challenges: Target = {
  kind: "www-authenticate",
  seeds: ['Bearer realm="https://a/b",service="c",scope="d e"', 'Basic realm="x"', 'Basic realm="x", Bearer realm=y'],
  dictionary: ["Bearer ", "Basic ", "realm=", '"', '\\"', ",", "=", " ", "\\"],
  run: (bytes) => String(parseChallenges(Buffer.from(bytes).toString("latin1")).length),
};

/** What registries answer, and what images are called. */
export const imageTargets: readonly Target[] = [manifest, imageConfig, merged, names, challenges];
