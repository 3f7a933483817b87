import { Writer } from "../wire/writer.ts";
import type { DefinitionInput } from "./definition.ts";
import { type EncodeContext, type Encoded, inputIndex, writeCommon } from "./encode.ts";
import { writeMount } from "./encode-mount.ts";
import { hasEnv } from "./environment.ts";
import type { ExecOp } from "./exec.ts";
import type { Host } from "./host.ts";
import { invalid } from "./invalid.ts";
import type { Mount } from "./mount.ts";
import { compareBytes } from "./order.ts";
import { resolvePath } from "./path.ts";
import { proxyCap, writeProxyEnv } from "./proxy-env.ts";
import type { Runtime } from "./runtime.ts";
import type { NetworkMode, SecurityMode } from "./state.ts";
import type { Vertex } from "./vertex.ts";

/** A mount of a step, with what depends on the other mounts and on the base image. */
export interface PlacedMount {
  readonly mount: Mount;
  /** What an Output of the step calls it: 1 for the first of `op.mounts`; 0 is the root. */
  readonly slot: number;
  /** Absolute. */
  readonly dest: string;
  /** The number of its output, or -1. */
  readonly output: number;
}

const networks: Record<NetworkMode, number> = { sandbox: 0, host: 1, none: 2 };
const securities: Record<SecurityMode, number> = { sandbox: 0, insecure: 1 };
const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const noMounts: readonly PlacedMount[] = [];

/**
 * The mounts of a step but its root, in the order in which they are written: by destination, then secrets, then ssh.
 * The daemon numbers outputs by that order, the root before all.
 */
export function placeMounts(op: ExecOp, runtime: Runtime): readonly PlacedMount[] {
  if (op.mounts.length === 0) return noMounts;
  const cwd = runtime.dir(op.state);
  let outputs = op.readonlyRoot ? 0 : 1;
  let sockets = 0;
  const others = op.mounts.map((mount, at) => {
    const dest = mount.dest ?? `/run/buildkit/ssh_agent.${sockets}`;
    if (mount.type === "ssh") sockets++;
    return { mount, slot: at + 1, dest: resolvePath(cwd, dest) };
  });
  others.sort((left, right) => rank(left.mount) - rank(right.mount) || byDest(left, right));
  return others.map((place) => ({ ...place, output: hasOutput(place.mount) ? outputs++ : -1 }));
}

// Secrets and ssh stay in the order given.
function rank(mount: Mount): number {
  return mount.type === "ssh" ? 2 : mount.type === "secret" ? 1 : 0;
}

function byDest(left: { mount: Mount; dest: string }, right: { mount: Mount; dest: string }): number {
  return rank(left.mount) === 0 ? compareBytes(left.dest, right.dest) : 0;
}

function hasOutput(mount: Mount): boolean {
  return mount.type === "bind" && !mount.readonly;
}

/** The environment of a step, `NAME=value`. */
export function envOf(op: ExecOp, mounts: readonly PlacedMount[], context: EncodeContext): readonly string[] {
  let env = context.runtime.env(op.state);
  const socket = mounts.length === 0 ? undefined : mounts.find(({ mount }) => mount.type === "ssh");
  if (socket !== undefined && !hasEnv(env, "SSH_AUTH_SOCK")) env = [...env, `SSH_AUTH_SOCK=${socket.dest}`];
  const daemonSetsPath = context.supported?.has("exec.meta.setsdefaultpath") ?? true;
  return daemonSetsPath || hasEnv(env, "PATH") ? env : [...env, defaultPath];
}

/** Writes a step as pb.Op. */
export function encodeExec(
  vertex: Vertex,
  op: ExecOp,
  mounts: readonly PlacedMount[],
  context: EncodeContext,
): Encoded {
  const { writer } = context;
  const inputs: DefinitionInput[] = [];
  const root = inputIndex(inputs, op.state.output, context);
  const numbers = mounts.length === 0 ? noNumbers : inputNumbers(inputs, mounts, context);
  writeCommon(context, inputs, vertex.platform ?? context.platform);
  const mark = writer.begin(2);
  writeMeta(writer, op, envOf(op, mounts, context), context.runtime);
  writeRoot(context, op.readonlyRoot, root);
  for (let at = 0; at < mounts.length; at++) {
    const place = mounts[at];
    if (place !== undefined) writeMount(writer, place, numbers[at] ?? -1);
  }
  writer.number(3, networks[op.state.network ?? "sandbox"]);
  writer.number(4, securities[op.state.security ?? "sandbox"]);
  for (const secret of op.secretsEnv) {
    const start = writer.begin(5);
    writer.text(1, secret.id);
    writer.text(2, secret.name);
    writer.flag(3, secret.optional);
    writer.end(start);
  }
  for (const device of op.devices) {
    const start = writer.begin(6);
    writer.text(1, device.name);
    writer.flag(2, device.optional);
    writer.end(start);
  }
  writer.end(mark);
  return { inputs, caps: capsOf(op, context), vertex: undefined };
}

const noNumbers: readonly number[] = [];

function inputNumbers(inputs: DefinitionInput[], mounts: readonly PlacedMount[], context: EncodeContext): number[] {
  checkPlaces(mounts);
  return mounts.map(({ mount }) => {
    const takesInput = mount.type === "bind" || mount.type === "cache";
    return takesInput ? inputIndex(inputs, mount.source.output, context) : -1;
  });
}

// Nearly every step has the same root, so its bytes are kept.
function writeRoot({ writer, rootBytes }: EncodeContext, readonly: boolean, input: number): void {
  const key = readonly ? input - 2 ** 31 : input;
  let bytes = rootBytes.get(key);
  if (bytes === undefined) {
    const own = new Writer(64);
    const root: Mount = { type: "bind", dest: "/", source: {}, readonly, selector: "" };
    writeMount(own, { mount: root, dest: "/", output: readonly ? -1 : 0 }, input);
    bytes = own.view(0);
    rootBytes.set(key, bytes);
  }
  writer.raw(bytes);
}

function checkPlaces(mounts: readonly PlacedMount[]): void {
  const seen = new Set<string>();
  for (const { mount, dest } of mounts) {
    if (dest === "/") throw invalid(`a mount at "${mount.dest}" would hide the root`);
    if (seen.has(dest)) throw invalid(`two mounts at "${dest}"`);
    seen.add(dest);
  }
}

function writeMeta(writer: Writer, op: ExecOp, env: readonly string[], runtime: Runtime): void {
  const { state } = op;
  const mark = writer.begin(1);
  writer.texts(1, op.args);
  writer.texts(2, env);
  writer.text(3, runtime.dir(state));
  writer.text(4, runtime.user(state));
  if (op.proxy !== undefined) writeProxyEnv(writer, 5, op.proxy);
  if (state.hosts !== undefined) writeHosts(writer, state.hosts);
  if (state.hostname !== undefined) writer.text(7, state.hostname);
  for (const limit of op.ulimits) {
    const start = writer.begin(9);
    writer.text(1, limit.name);
    writer.number(2, limit.soft);
    writer.number(3, limit.hard);
    writer.end(start);
  }
  writer.text(10, op.cgroupParent);
  // Directories that only existed for mounts go away again.
  writer.flag(11, true);
  writer.packed(12, op.validExitCodes);
  writer.end(mark);
}

function writeHosts(writer: Writer, hosts: readonly Host[]): void {
  for (const host of hosts) {
    const start = writer.begin(6);
    writer.text(1, host.name);
    writer.text(2, host.address);
    writer.end(start);
  }
}

function capsOf(op: ExecOp, context: EncodeContext): readonly string[] {
  const caps: string[] = ["exec.meta.base"];
  if (op.state.output !== undefined) caps.push("exec.mount.bind");
  if (context.supported?.has("exec.meta.setsdefaultpath")) caps.push("exec.meta.setsdefaultpath");
  for (const mount of op.mounts) caps.push(...mountCaps(mount));
  if (op.secretsEnv.length > 0) caps.push("exec.mount.secret", "exec.secretenv");
  if (op.validExitCodes.length > 0) caps.push("exec.validexitcode");
  if (op.proxy !== undefined) caps.push(proxyCap);
  if (op.ulimits.length > 0) caps.push("exec.meta.ulimit");
  if (op.devices.length > 0) caps.push("exec.meta.cdi");
  if ((op.state.network ?? "sandbox") !== "sandbox") caps.push("exec.meta.network");
  if (op.state.security === "insecure") caps.push("exec.meta.security");
  return caps;
}

function mountCaps(mount: Mount): readonly string[] {
  if (mount.type === "secret" || mount.type === "ssh") return [`exec.mount.${mount.type}`];
  if (mount.type === "tmpfs")
    return mount.size > 0 ? ["exec.mount.tmpfs", "exec.mount.tmpfs.size"] : ["exec.mount.tmpfs"];
  const caps = mount.selector === "" ? [] : ["exec.mount.selector"];
  if (mount.type === "cache") return [...caps, "exec.mount.cache", "exec.mount.cache.sharing"];
  if (mount.source.output !== undefined) caps.push("exec.mount.bind");
  if (mount.contentCache !== undefined) caps.push("exec.mount.cache.content");
  return caps;
}
