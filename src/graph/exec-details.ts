import type { ExecOp, Meta, Mount } from "../gen/ops.ts";
import type { Detail, Fields } from "./graph.ts";
import { compact, emptyRoles, inputLabel, octal, type WireOp } from "./wire-op.ts";

// The members of pb's enums, in the order of their numbers.
const networks = ["unset", "host", "none"];
const securities = ["sandbox", "insecure"];
const mountTypes = ["bind", "secret", "ssh", "cache", "tmpfs"];
const contentCaches = ["default", "on", "off"];
const sharings = ["shared", "private", "locked"];

/** What a command runs with. */
export function execDetails(exec: ExecOp, wire: WireOp): Detail[] {
  const { meta, network, security } = exec;
  const details: Detail[] = [{ key: "args", values: meta?.args ?? [] }];
  if (meta !== undefined) {
    addValue(details, "cwd", meta.cwd);
    addValue(details, "user", meta.user);
    if (meta.env.length > 0) details.push({ key: "env", values: meta.env });
  }
  addEntries(details, "secrets_env", exec.secretenv, ({ ID, name, optional }) => compact({ name, id: ID, optional }));
  addEntries(details, "mounts", exec.mounts.filter(isNotable), (mount) => mountFields(mount, wire));
  if (network !== 0) addValue(details, "network", enumName(networks, network));
  if (security !== 0) addValue(details, "security", enumName(securities, security));
  if (meta !== undefined) addSettings(details, meta);
  addEntries(details, "devices", exec.cdiDevices, ({ name, optional }) => compact({ name, optional }));
  return details;
}

function addSettings(details: Detail[], meta: Meta): void {
  const { validExitCodes, proxy_env: proxies } = meta;
  addValue(details, "hostname", meta.hostname);
  addEntries(details, "hosts", meta.extraHosts, ({ Host, IP }) => ({ host: Host, ip: IP }));
  if (validExitCodes.length > 0) details.push({ key: "valid_exit_codes", values: validExitCodes.map(String) });
  addEntries(details, "ulimits", meta.ulimit, ({ Name, Soft, Hard }) => ({ name: Name, soft: Soft, hard: Hard }));
  addValue(details, "cgroup_parent", meta.cgroupParent);
  if (proxies === undefined) return;
  const { http_proxy: http, https_proxy: https, ftp_proxy: ftp, no_proxy: no, all_proxy: all } = proxies;
  const fields = compact({ http, https, ftp, no, all });
  if (Object.keys(fields).length > 0) details.push({ key: "proxy", fields });
}

// What is empty says nothing.
function addValue(details: Detail[], key: string, value: string): void {
  if (value !== "") details.push({ key, value });
}

function addEntries<T>(details: Detail[], key: string, items: readonly T[], describe: (item: T) => Fields): void {
  if (items.length > 0) details.push({ key, entries: items.map(describe) });
}

/** What the inputs of an exec are used for: one list per input. */
export function execRoles(exec: ExecOp, count: number): string[][] {
  const roles = emptyRoles(count);
  for (const { input, dest } of exec.mounts) roles[input]?.push(dest === "/" ? "base" : `mount ${dest}`);
  return roles;
}

/** The mount whose result is the output at `index`, unless that is the root. */
export function outputPath(exec: ExecOp, index: number): string | undefined {
  const mount = exec.mounts.find((candidate) => hasOutput(candidate) && candidate.output === index);
  return mount === undefined || mount.dest === "/" ? undefined : mount.dest;
}

function hasOutput({ mountType }: Mount): boolean {
  const type = mountTypes[mountType];
  return type === "bind" || type === "cache";
}

// The root as every step has it says nothing: its input has the role "base".
function isNotable(mount: Mount): boolean {
  const { dest, mountType, readonly, selector, output, input } = mount;
  const plain = mountTypes[mountType] === "bind" && !readonly && selector === "" && output >= 0 && input >= 0;
  return dest !== "/" || !plain;
}

function mountFields(mount: Mount, wire: WireOp): Fields {
  const type = enumName(mountTypes, mount.mountType);
  const start = { type, dest: mount.dest };
  switch (type) {
    case "tmpfs":
      return { ...start, ...compact({ size: mount.TmpfsOpt?.size || undefined }) };
    case "secret":
      return { ...start, ...sessionFields(mount.secretOpt) };
    case "ssh":
      return { ...start, ...sessionFields(mount.SSHOpt) };
    case "cache":
      return { ...start, ...cacheFields(mount), ...bindFields(mount, wire) };
    default:
      return { ...start, ...bindFields(mount, wire) };
  }
}

function cacheFields({ cacheOpt }: Mount): Fields {
  return compact({ id: cacheOpt?.ID, sharing: enumName(sharings, cacheOpt?.sharing ?? 0) });
}

function bindFields(mount: Mount, wire: WireOp): Fields {
  const { contentCache, selector, readonly, mountType } = mount;
  const isCache = mountTypes[mountType] === "cache";
  return compact({
    from: isCache && mount.input < 0 ? undefined : inputLabel(wire, mount.input),
    selector,
    readonly,
    no_output: !isCache && !readonly && mount.output < 0,
    content_cache: contentCache === 0 ? undefined : enumName(contentCaches, contentCache),
  });
}

interface SessionOpt {
  readonly ID: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly optional: boolean;
}

function sessionFields(opt: SessionOpt | undefined): Fields {
  if (opt === undefined) return {};
  const { ID, uid, gid, mode, optional } = opt;
  return compact<string | number | boolean>({
    id: ID,
    uid: uid || undefined,
    gid: gid || undefined,
    mode: octal(mode),
    optional,
  });
}

// A newer BuildKit may have members that have no name here.
function enumName(names: readonly string[], value: number): string {
  return names[value] ?? String(value);
}
