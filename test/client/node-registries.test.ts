import { expect, test } from "bun:test";
import type { BuilderNode } from "../../src/client/buildx-store.ts";
import { registryOptionsOf } from "../../src/client/node-registries.ts";
import { failureOf } from "../image/failure.ts";

function nodeWith(files: Readonly<Record<string, string>>): BuilderNode {
  const encoded = Object.entries(files).map(([name, text]) => [name, btoa(text)]);
  return { name: "n", endpoint: "", platforms: [], options: {}, files: Object.fromEntries(encoded) };
}

test("what nodes were told of registries is taken together; certificates are those that buildx stored", () => {
  const first = nodeWith({
    "buildkitd.toml": `
debug = true
[registry."plain:5000"]
  http = true
[registry."tls:5000"]
  ca = ["/etc/buildkit/certs/tls_5000/ca.pem", "/etc/elsewhere.pem"]
  [[registry."tls:5000".keypair]]
    key = "/etc/buildkit/certs/tls_5000/key.pem"
    cert = "/etc/buildkit/certs/tls_5000/cert.pem"
`,
    "certs/tls_5000/ca.pem": "CA",
    "certs/tls_5000/key.pem": "KEY",
    "certs/tls_5000/cert.pem": "CERT",
  });
  const second = nodeWith({
    "buildkitd.toml": '[registry."own:5000"]\ninsecure = true\n[registry."plain:5000"]\nhttp = true',
  });
  const { insecure, tls } = registryOptionsOf([first, second]);
  expect(insecure).toEqual(["plain:5000", "own:5000"]);
  expect([...tls]).toEqual([["tls:5000", { ca: "CA", cert: "CERT", key: "KEY" }]]);
});

test("a node without a configuration says nothing, and one that is no TOML is named", () => {
  expect(registryOptionsOf([{ name: "n", endpoint: "", platforms: [], options: {} }])).toEqual({
    insecure: [],
    tls: new Map(),
  });
  const error = failureOf(() => registryOptionsOf([nodeWith({ "buildkitd.toml": "[registry" })]));
  expect(error.message).toBe('the buildkitd.toml of the node "n" is not TOML');
});
