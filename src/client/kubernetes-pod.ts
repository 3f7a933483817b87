import { LuakitError } from "../diagnostic/luakit-error.ts";
import { findProgram } from "../host/find-program.ts";
import { isObject, type JsonObject, parseObject, textMember } from "../image/json.ts";
import type { BuilderNode } from "./buildx-store.ts";
import type { Daemon } from "./daemon.ts";
import type { HostEnvironment } from "./host-environment.ts";

/**
 * The first running pod of a node of buildx's kubernetes driver: of the Deployment that has the node's name with `-` for
 * `_`, in the cluster that the node's endpoint or kubectl's own configuration names. Throws `daemon.unreachable`.
 */
export async function findPod(node: BuilderNode, host: HostEnvironment, source: string): Promise<Daemon> {
  const variables = kubeconfigOf(node.endpoint);
  const deployment = node.name.replaceAll("_", "-");
  const answer = await kubectl(
    [...namespaceFlag(node), "get", "pods", "--selector", `app=${deployment}`, "--output", "json"],
    { ...host.variables, ...variables },
    source,
  );
  const items = Array.isArray(answer.items) ? answer.items.filter(isObject) : [];
  const [pod] = items.filter(isRunning).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  if (pod === undefined) {
    throw new LuakitError("daemon.unreachable", `${source} has no running pod (${deployment})`, {
      hint: "docker buildx inspect --bootstrap starts it",
    });
  }
  const container = objects(member(pod, "spec").containers)[0];
  const namespace = textMember(member(pod, "metadata"), "namespace");
  const address = {
    scheme: "kube-pod" as const,
    pod: nameOf(pod),
    namespace,
    container: textMember(container ?? {}, "name"),
  };
  return { address, source, variables };
}

/** `kubernetes:///builder?deployment=name&kubeconfig=path`, as buildx stores it. */
function kubeconfigOf(endpoint: string): Readonly<Record<string, string>> | undefined {
  const path = URL.parse(endpoint)?.searchParams.get("kubeconfig");
  return path ? { KUBECONFIG: path } : undefined;
}

function namespaceFlag({ options }: BuilderNode): readonly string[] {
  return options.namespace ? ["--namespace", options.namespace] : [];
}

async function kubectl(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
  source: string,
): Promise<JsonObject> {
  const program = findProgram("kubectl", variables);
  if (program === undefined)
    throw new LuakitError("daemon.unreachable", `${source} needs kubectl, which is not on PATH`);
  const child = Bun.spawn([program, ...args], {
    env: { ...variables },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const answer = exitCode === 0 ? parseObject(stdout) : undefined;
  if (answer !== undefined) return answer;
  const reason = stderr.trim() || `kubectl ends with ${exitCode}`;
  throw new LuakitError("daemon.unreachable", `${source}: ${reason}`);
}

function isRunning(pod: JsonObject): boolean {
  const ending = member(pod, "metadata").deletionTimestamp !== undefined;
  return !ending && textMember(member(pod, "status"), "phase") === "Running";
}

function nameOf(pod: JsonObject): string {
  return textMember(member(pod, "metadata"), "name") ?? "";
}

function member(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
