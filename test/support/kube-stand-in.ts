import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { buildGoTool } from "../../scripts/testbed/go-tool.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { debianPackage } from "./debian-package.ts";
import type { Room } from "./document-furnishing.ts";
import { testbed } from "./testbed.ts";

/**
 * Debian's kubectl with a kubeconfig whose server is a stand-in: it takes objects as strictly as a cluster does, and every
 * pod that it is given has the testbed's daemon in it.
 */
export async function cluster({ home, bin, stack }: Room): Promise<Record<string, string>> {
  const kubectl = await debianPackage("kubernetes-client", "amd64");
  symlinkSync(join(kubectl, "usr/bin/kubectl"), join(bin, "kubectl"));
  const env = { PATH: `${dirname(testbed().buildctl)}:${process.env.PATH}`, BUILDKIT_HOST: testbed().addr };
  const server = Bun.spawn([await standIn()], { env, stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  stack.defer(async () => {
    server.kill();
    await server.exited;
  });
  const { value } = await server.stdout.getReader().read();
  const address = new TextDecoder().decode(value).trim();
  mkdirSync(join(home, ".kube"));
  writeFileSync(join(home, ".kube/config"), JSON.stringify(describeCluster(`http://${address}`)));
  return { BUILDKIT_HOST: "" };
}

function standIn(): Promise<string> {
  const place = { ...findPlace(), scripts: resolve(import.meta.dir) };
  return locked(place.cache, () =>
    buildGoTool(place, {
      module: "kubernetes",
      version: "v1.36",
      package: "luakit/test/kubernetes/kube-stand-in",
      versionVariable: "main.version",
    }),
  );
}

function describeCluster(server: string) {
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "here",
    contexts: [{ name: "here", context: { cluster: "here", user: "me" } }],
    clusters: [{ name: "here", cluster: { server } }],
    users: [{ name: "me", user: {} }],
  };
}
