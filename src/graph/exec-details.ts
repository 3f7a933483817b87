import type { ExecOp, Meta, Mount } from "../gen/ops.ts";
import type { Detail, Fields } from "./graph.ts";
import { compact, inputLabel, octal, type WireOp } from "./wire-op.ts";

// The members of pb's enums, in the order of their numbers.
const networks = ["unset", "host", "none"];
const securities = ["sandbox", "insecure"];
const mountTypes = ["bind", "secret", "ssh", "cache", "tmpfs"];
const contentCaches = ["default", "on", "off"];
const sharings = ["shared", "private", "locked"];

/** What a command runs with. */
export function execDetails(exec: ExecOp, wire: WireOp): Detail[] {
  const { meta } = exec;
  const details: readonly Detail[] = [
    { key: "cwd", value: meta?.cwd ?? "" },
    { key: "user", value: meta?.user ?? "" },
    { key: "env", values: meta?.env ?? [] },
    {
      key: "secrets_env",
      entries: exec.secretenv.map(({ ID, name, optional }) => compact({ name, id: ID, optional })),
    },
    { key: "mounts", entries: exec.mounts.filter(isNotable).map((mount) => mountFields(mount, wire)) },
    { key: "network", value: exec.network === 0 ? "" : enumName(networks, exec.network) },
    { key: "security", value: exec.security === 0 ? "" : enumName(securities, exec.security) },
    ...(meta === undefined ? [] : settings(meta)),
    { key: "devices", entries: exec.cdiDevices.map(({ name, optional }) => compact({ name, optional })) },
  ];
  return [{ key: "args", values: meta?.args ?? [] }, ...details.filter(isSaid)];
}

function settings(meta: Meta): Detail[] {
  const { http_proxy: http, https_proxy: https, ftp_proxy: ftp, no_proxy: no, all_proxy: all } = meta.proxy_env ?? {};
  const limits = meta.ulimit.map(({ Name, Soft, Hard }) => ({ name: Name, soft: Soft, hard: Hard }));
  return [
    { key: "hostname", value: meta.hostname },
    { key: "hosts", entries: meta.extraHosts.map(({ Host, IP }) => ({ host: Host, ip: IP })) },
    { key: "valid_exit_codes", values: meta.validExitCodes.map(String) },
    { key: "ulimits", entries: limits },
    { key: "cgroup_parent", value: meta.cgroupParent },
    { key: "proxy", fields: compact({ http, https, ftp, no, all }) },
  ];
}

function isSaid(detail: Detail): boolean {
  if ("values" in detail) return detail.values.length > 0;
  if ("entries" in detail) return detail.entries.length > 0;
  return "fields" in detail ? Object.keys(detail.fields).length > 0 : detail.value !== "";
}

/** What the inputs of an exec are used for: one list per input. */
export function execRoles(exec: ExecOp, count: number): string[][] {
  const roles: string[][] = Array.from({ length: count }, () => []);
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
