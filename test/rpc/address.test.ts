import { describe, expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { type Address, parseAddress, parseDockerHost } from "../../src/rpc/address.ts";
import { formatAddress, hostOf } from "../../src/rpc/format-address.ts";

const addresses: readonly (readonly [text: string, address: Address])[] = [
  ["unix:///run/buildkit/buildkitd.sock", { scheme: "unix", path: "/run/buildkit/buildkitd.sock" }],
  ["unix://relative/b.sock", { scheme: "unix", path: "relative/b.sock" }],
  ["unix:///with space/é.sock", { scheme: "unix", path: "/with space/é.sock" }],
  ["tcp://localhost:1234", { scheme: "tcp", host: "localhost", port: 1234 }],
  ["tcp://10.0.0.1:8372", { scheme: "tcp", host: "10.0.0.1", port: 8372 }],
  ["tcp://[::1]:1234", { scheme: "tcp", host: "::1", port: 1234 }],
  ["npipe:////./pipe/buildkitd", { scheme: "npipe", path: "//./pipe/buildkitd" }],
  ["ssh://host", { scheme: "ssh", host: "host" }],
  ["ssh://me@host:2222", { scheme: "ssh", user: "me", host: "host", port: 2222 }],
  ["ssh://me@host/run/b.sock", { scheme: "ssh", user: "me", host: "host", socket: "/run/b.sock" }],
  ["docker-container://buildx_buildkit_b0", { scheme: "docker-container", container: "buildx_buildkit_b0" }],
  ["docker-container://B.1?context=far", { scheme: "docker-container", container: "B.1", context: "far" }],
  ["podman-container://b", { scheme: "podman-container", container: "b" }],
  ["nerdctl-container://b?namespace=n", { scheme: "nerdctl-container", container: "b", namespace: "n" }],
  ["kube-pod://b-0", { scheme: "kube-pod", pod: "b-0" }],
  [
    "kube-pod://b-0?context=C&namespace=n&container=k",
    { scheme: "kube-pod", pod: "b-0", context: "C", namespace: "n", container: "k" },
  ],
  [
    "docker+unix:///var/run/docker.sock",
    { scheme: "docker", engine: { scheme: "unix", path: "/var/run/docker.sock" } },
  ],
  ["docker+tcp://h:2375", { scheme: "docker", engine: { scheme: "tcp", host: "h", port: 2375 } }],
  ["docker+ssh://u@h", { scheme: "docker", engine: { scheme: "ssh", user: "u", host: "h" } }],
  [
    "docker+npipe:////./pipe/docker_engine",
    { scheme: "docker", engine: { scheme: "npipe", path: "//./pipe/docker_engine" } },
  ],
];

describe("parseAddress", () => {
  test.each(addresses)("%s", (text, address) => {
    expect(parseAddress(text)).toEqual(address);
    expect(formatAddress(address)).toBe(text);
  });

  test("the Docker Engine by short forms", () => {
    expect(parseAddress("docker://")).toEqual(parseAddress("docker+unix:///var/run/docker.sock"));
    expect(parseAddress("docker:///run/d.sock")).toEqual(parseAddress("docker+unix:///run/d.sock"));
    expect(parseAddress("docker://h:2375")).toEqual(parseAddress("docker+tcp://h:2375"));
  });

  test("a path of / after an ssh host is none", () => {
    expect(parseAddress("ssh://host/")).toEqual({ scheme: "ssh", host: "host" });
  });

  test.each([
    ["", 'address "" has no scheme', undefined],
    ["/run/b.sock", 'address "/run/b.sock" has no scheme', "write unix:///run/b.sock"],
    ["localhost:1234", 'address "localhost:1234" has no scheme', "write tcp://localhost:1234"],
    ["\\\\.\\pipe\\b", 'address "\\\\.\\pipe\\b" has no scheme', "write npipe:////./pipe/b"],
    ["dokcer-container://b", 'has the unknown scheme "dokcer-container" (did you mean "docker-container"?)', undefined],
    ["http://h:1", 'has the unknown scheme "http"', undefined],
    ["unix://", "has no path", "write unix:///run/buildkit/buildkitd.sock"],
    ["tcp://host", "does not name a host and a port", "write tcp://host:1234"],
    ["tcp://host:0", "does not name a host and a port", undefined],
    ["tcp://host:70000", "does not name a host and a port", undefined],
    ["tcp://host:12/x", "does not name a host and a port", undefined],
    ["docker://host", "does not name a host and a port", "write docker://host:2375"],
    ["ssh://", "has no host", undefined],
    ["ssh://-oProxyCommand=x", 'has a host that starts with "-"', undefined],
    ["ssh://-x@host", 'has a user that starts with "-"', undefined],
    ["ssh://u:secret@host", "has a password", undefined],
    ["ssh://host?x=1", "has more than", undefined],
    ["ssh://host#x", "has more than", undefined],
    ["ssh://host/100%", "has a % that stands for nothing", undefined],
    ["ssh://%zz@host", "has a % that stands for nothing", undefined],
    ["docker-container://%", "has a % that stands for nothing", undefined],
    ["docker-container://", "has no container", undefined],
    ["docker-container://-it", 'has a container that starts with "-"', undefined],
    ["docker-container://b/c", "has a path", undefined],
    ["docker-container://b?contxt=c", 'has the unknown option "contxt" (did you mean "context"?)', undefined],
    ["docker-container://b?context=-H", 'has a context that starts with "-"', undefined],
    ["podman-container://b?context=c", 'has the unknown option "context"', undefined],
    ["kube-pod://Pod_1", "has a pod that no pod can have", undefined],
    ["kube-pod://p?namespace=A", "has a namespace that no namespace can have", undefined],
    ["docker+http://h:1", "is no address of a Docker Engine", undefined],
  ])("%s is refused", (text, message, hint) => {
    const error = caught(() => parseAddress(text));
    expect(error.code).toBe("usage");
    expect(error.message).toContain(message);
    if (hint !== undefined) expect(error.hint).toBe(hint);
  });
});

test("parseDockerHost reads values of DOCKER_HOST", () => {
  expect(parseDockerHost("unix:///var/run/docker.sock")).toEqual(parseAddress("docker://") as never);
  expect(parseDockerHost("ssh://me@host")).toEqual(parseAddress("docker+ssh://me@host") as never);
  expect(caught(() => parseDockerHost("fd://")).message).toContain("is no address of a Docker Engine");
});

test("hostOf names the peer of HTTP/2 and TLS", () => {
  expect(hostOf(parseAddress("tcp://b.example:1234"))).toBe("b.example");
  expect(hostOf(parseAddress("docker+ssh://u@far"))).toBe("far");
  expect(hostOf(parseAddress("unix:///x"))).toBe("localhost");
});

function caught(run: () => unknown): LuakitError {
  try {
    run();
  } catch (error) {
    if (error instanceof LuakitError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
