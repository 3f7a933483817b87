import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { currentDockerEndpoint, findDockerEndpoint, readDockerEndpoint } from "../../src/client/docker-context.ts";
import { inDirectory } from "../support/build.ts";
import { hostOf } from "./host.ts";

/** Writes a docker context as `docker context create` does. */
function writeContext(config: string, name: string, endpoint: object, tls: readonly string[] = []): string {
  const folder = new Bun.CryptoHasher("sha256").update(name).digest("hex");
  const meta = join(config, "contexts/meta", folder);
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(meta, "meta.json"), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: endpoint } }));
  const secrets = join(config, "contexts/tls", folder, "docker");
  for (const file of tls) {
    mkdirSync(secrets, { recursive: true });
    writeFileSync(join(secrets, file), "");
  }
  return secrets;
}

test("without any configuration the engine is the default socket", () =>
  inDirectory(async (home) => {
    expect(currentDockerEndpoint(hostOf(home))).toEqual({
      context: "default",
      host: "unix:///var/run/docker.sock",
      tls: undefined,
      source: "the Docker Engine",
    });
  }));

test("DOCKER_HOST goes before DOCKER_CONTEXT, and that before the current context", () =>
  inDirectory(async (home) => {
    const config = join(home, ".docker");
    writeContext(config, "one", { Host: "ssh://one" });
    writeContext(config, "two", { Host: "tcp://two:1" });
    writeFileSync(join(config, "config.json"), JSON.stringify({ currentContext: "one" }));
    const chosen = (variables: Record<string, string>) => currentDockerEndpoint(hostOf(home, variables));
    expect(chosen({})).toMatchObject({ context: "one", host: "ssh://one", source: 'the docker context "one"' });
    expect(chosen({ DOCKER_CONTEXT: "two" })).toMatchObject({ context: "two", source: "DOCKER_CONTEXT" });
    const both = { DOCKER_CONTEXT: "two", DOCKER_HOST: "unix:///x.sock" };
    expect(chosen(both)).toMatchObject({ context: "default", host: "unix:///x.sock", source: "DOCKER_HOST" });
    expect(chosen({ DOCKER_CONTEXT: "default" })).toMatchObject({ host: "unix:///var/run/docker.sock" });
  }));

test("DOCKER_CONFIG moves the configuration", () =>
  inDirectory(async (home) => {
    const config = join(home, "elsewhere");
    writeContext(config, "far", { Host: "tcp://far:2375" });
    const host = hostOf(join(home, "other"), { DOCKER_CONFIG: config });
    expect(readDockerEndpoint(host, "far")).toMatchObject({ host: "tcp://far:2375", tls: undefined });
  }));

test("a context's TLS files are used, and SkipTLSVerify is heeded", () =>
  inDirectory(async (home) => {
    const config = join(home, ".docker");
    const endpoint = { Host: "tcp://far", SkipTLSVerify: true };
    const files = writeContext(config, "far", endpoint, ["ca.pem", "cert.pem", "key.pem"]);
    expect(readDockerEndpoint(hostOf(home), "far")).toMatchObject({
      host: "tcp://far:2376",
      tls: { ca: join(files, "ca.pem"), cert: join(files, "cert.pem"), key: join(files, "key.pem"), insecure: true },
    });
  }));

test("DOCKER_TLS_VERIFY takes the files of DOCKER_CERT_PATH and docker's port for TLS", () =>
  inDirectory(async (home) => {
    writeFileSync(join(home, "ca.pem"), "");
    const variables = { DOCKER_HOST: "tcp://far", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: home };
    expect(currentDockerEndpoint(hostOf(home, variables))).toMatchObject({
      host: "tcp://far:2376",
      tls: { ca: join(home, "ca.pem"), cert: undefined, key: undefined, insecure: false },
    });
    const missing = hostOf(home, { ...variables, DOCKER_CERT_PATH: `${home}/nope` });
    expect(() => currentDockerEndpoint(missing)).toThrow(`DOCKER_CERT_PATH: "${home}/nope" has no ca.pem`);
    const plain = currentDockerEndpoint(hostOf(home, { DOCKER_HOST: "tcp://" }));
    expect(plain).toMatchObject({ host: "tcp://127.0.0.1:2375", tls: undefined });
  }));

test("a context that does not exist is an error, unless only looked for", () =>
  inDirectory(async (home) => {
    expect(findDockerEndpoint(hostOf(home), "gone")).toBeUndefined();
    expect(() => readDockerEndpoint(hostOf(home), "gone")).toThrow('there is no docker context "gone"');
    const variables = { DOCKER_CONTEXT: "gone" };
    expect(() => currentDockerEndpoint(hostOf(home, variables))).toThrow("DOCKER_CONTEXT: there is no docker context");
  }));

test("files that are not what docker writes say nothing", () =>
  inDirectory(async (home) => {
    const config = join(home, ".docker");
    writeContext(config, "empty", {});
    writeFileSync(join(config, "config.json"), "{ no json");
    expect(currentDockerEndpoint(hostOf(home))).toMatchObject({ context: "default" });
    expect(findDockerEndpoint(hostOf(home), "empty")).toBeUndefined();
  }));
