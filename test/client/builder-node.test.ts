import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeDaemon } from "../../src/client/builder-node.ts";
import type { BuilderNode } from "../../src/client/buildx-store.ts";
import { inDirectory } from "../support/build.ts";
import { hostOf } from "./host.ts";

const host = hostOf("/home/me");

function daemonOf(driver: string, node: Partial<BuilderNode>, on = host) {
  const whole = { name: "b0", endpoint: "", platforms: [], options: {}, ...node };
  return nodeDaemon({ name: "b", driver, nodes: [whole] }, whole, on);
}

test("a container is reached through the docker context or the engine that holds it", async () => {
  expect(await daemonOf("docker-container", { endpoint: "desktop" })).toMatchObject({
    address: { scheme: "docker-container", container: "buildx_buildkit_b0", context: "desktop" },
    source: 'the buildx builder "b"',
    boot: ["docker", "buildx", "inspect", "--bootstrap", "b"],
  });
  const { address } = await daemonOf("docker-container", { endpoint: "unix:///var/run/docker.sock" });
  expect(address).toEqual({
    scheme: "docker-container",
    container: "buildx_buildkit_b0",
    engine: "unix:///var/run/docker.sock",
  });
});

test("a remote daemon has its TLS options", async () => {
  const options = { cacert: "/ca.pem", cert: "/cert.pem", key: "/key.pem", servername: "name" };
  expect(await daemonOf("remote", { endpoint: "tcp://far:1234", options })).toEqual({
    address: { scheme: "tcp", host: "far", port: 1234 },
    source: 'the buildx builder "b"',
    tls: { ca: "/ca.pem", cert: "/cert.pem", key: "/key.pem", serverName: "name" },
  });
  const plain = await daemonOf("remote", { endpoint: "unix:///x.sock", options: { "default-load": "true" } });
  expect(plain.tls).toBeUndefined();
});

test("what buildx would not accept of a remote daemon is an error that names the builder", async () => {
  const wrong = (options: Record<string, string>, endpoint = "tcp://far:1234") =>
    daemonOf("remote", { endpoint, options });
  await expect(wrong({ cacert: "ca.pem" })).rejects.toThrow('the buildx builder "b" has cacert=ca.pem, which is not');
  await expect(wrong({ servername: "x" })).rejects.toThrow("no cacert");
  await expect(wrong({ cacert: "/ca", cert: "/c" })).rejects.toThrow("only one of cert and key");
  await expect(wrong({}, "far:1234")).rejects.toThrow('the buildx builder "b": address "far:1234" has no scheme');
});

test("the docker driver is the engine of its context or host", async () => {
  const { address } = await daemonOf("docker", { endpoint: "unix:///run/d.sock" });
  expect(address).toEqual({ scheme: "docker", engine: { scheme: "unix", path: "/run/d.sock" } });
  const chosen = hostOf("/home/me", { DOCKER_HOST: "tcp://far:2375" });
  const implied = await daemonOf("docker", { endpoint: "default" }, chosen);
  expect(implied.address).toEqual({ scheme: "docker", engine: { scheme: "tcp", host: "far", port: 2375 } });
});

test("a driver that is not known is named", async () => {
  await expect(daemonOf("cloud", {})).rejects.toThrow(
    'the buildx builder "b" has the driver "cloud", which is not known',
  );
});

test("a pod of kubernetes is the first that runs and does not end", () =>
  inDirectory(async (directory) => {
    const pod = (name: string, phase: string, more: object = {}) => ({
      metadata: { name, namespace: "ci", ...more },
      spec: { containers: [{ name: "buildkitd" }, { name: "other" }] },
      status: { phase },
    });
    const ending = pod("a", "Running", { deletionTimestamp: "2026-01-01T00:00:00Z" });
    const items = [pod("c", "Running"), pod("b", "Running"), pod("aa", "Pending"), ending];
    const log = join(directory, "log");
    writeKubectl(directory, `echo "$KUBECONFIG $*" >${log}\ncat <<'EOF'\n${JSON.stringify({ items })}\nEOF\n`);
    const node = {
      name: "my_node0",
      endpoint: "kubernetes:///b?deployment=my_node0&kubeconfig=%2Fhome%2Fme%2Fkube",
      options: { namespace: "ci" },
    };
    const found = await daemonOf("kubernetes", node, hostOf("/", { PATH: `${directory}:/usr/bin:/bin` }));
    expect(found).toEqual({
      address: { scheme: "kube-pod", pod: "b", namespace: "ci", container: "buildkitd" },
      source: 'the buildx builder "b"',
      variables: { KUBECONFIG: "/home/me/kube" },
    });
    expect(await Bun.file(log).text()).toBe(
      "/home/me/kube --namespace ci get pods --selector app=my-node0 --output json\n",
    );
  }));

test("kubectl's own words, no pod and no kubectl are errors", () =>
  inDirectory(async (directory) => {
    const on = hostOf("/", { PATH: `${directory}:/usr/bin:/bin` });
    await expect(daemonOf("kubernetes", {})).rejects.toThrow("needs kubectl, which is not on PATH");
    writeKubectl(directory, 'echo "{\\"items\\":[]}"');
    await expect(daemonOf("kubernetes", {}, on)).rejects.toThrow('the buildx builder "b" has no running pod (b0)');
    writeKubectl(directory, "echo no cluster here >&2; exit 1");
    await expect(daemonOf("kubernetes", {}, on)).rejects.toThrow('the buildx builder "b": no cluster here');
  }));

function writeKubectl(directory: string, script: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "kubectl"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(directory, "kubectl"), 0o755);
}
