import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { Op } from "../gen/ops.ts";
import type { DefinitionOp } from "../llb/definition.ts";
import { parseCsv } from "./csv.ts";

/** What a client may grant to a build, beyond what any build may do. */
export type Entitlement = "network.host" | "security.insecure" | "device";

/** `--allow` values: those for the daemon, and buildx's own, which stays at the client. */
export interface Allowed {
  readonly entitlements: readonly string[];
  /** `buildx.local.delete`: `mode=delete` may empty a directory outside the working directory. */
  readonly localDelete: boolean;
}

const names: readonly Entitlement[] = ["network.host", "security.insecure", "device"];
const localDelete = "buildx.local.delete";
/** Numbers of pb.NetMode and pb.SecurityMode. */
const hostNetwork = 1;
const insecureMode = 1;

/** Checks `--allow` values. Throws "usage". */
export function parseAllowed(values: readonly string[]): Allowed {
  const unique = [...new Set(values.map((value) => value.trim()))];
  for (const value of unique) checkEntitlement(value);
  return {
    entitlements: unique.filter((value) => value !== localDelete),
    localDelete: unique.includes(localDelete),
  };
}

/** The entitlements that the steps of a graph need, each with the first op that does; devices may be free at the daemon. */
export function entitlementsOf(ops: readonly DefinitionOp[]): Map<Entitlement, DefinitionOp> {
  const found = new Map<Entitlement, DefinitionOp>();
  const need = (name: Entitlement, op: DefinitionOp) => {
    if (!found.has(name)) found.set(name, op);
  };
  for (const entry of ops) {
    const { op } = entry.vertex;
    if (op.type !== "exec") continue;
    if (op.state.network === "host") need("network.host", entry);
    if (op.state.security === "insecure") need("security.insecure", entry);
    if (op.devices.some(({ optional }) => !optional)) need("device", entry);
  }
  return found;
}

/** The same of a Definition's encoded ops. */
export function entitlementsOfEncoded(ops: readonly Uint8Array[]): ReadonlySet<Entitlement> {
  const found = new Set<Entitlement>();
  for (const bytes of ops) {
    const { exec } = Op.decode(bytes);
    if (exec?.network === hostNetwork) found.add("network.host");
    if (exec?.security === insecureMode) found.add("security.insecure");
    if (exec?.cdiDevices.some(({ optional }) => !optional)) found.add("device");
  }
  return found;
}

/** Those of `needed` that no `--allow` value grants. */
export function missingEntitlements(needed: Iterable<Entitlement>, allowed: readonly string[]): Entitlement[] {
  const granted = new Set(allowed.map((value) => value.split("=")[0]));
  return [...needed].filter((name) => !granted.has(name));
}

function checkEntitlement(value: string): void {
  const equals = value.indexOf("=");
  const name = equals < 0 ? value : value.slice(0, equals);
  if (name === "device") {
    if (equals >= 0 && value.length > equals + 1) checkDevice(value.slice(equals + 1));
    return;
  }
  const known = [...names, localDelete];
  if (!known.includes(name)) {
    throw new LuakitError("usage", `--allow: there is no entitlement "${name}"${didYouMean(name, known)}`, {
      hint: `one of: ${names.join(", ")}, device=NAME`,
    });
  }
  if (equals >= 0) throw new LuakitError("usage", `--allow: ${name} takes no value`);
}

/** `vendor.com/class=name,alias=other` */
function checkDevice(text: string): void {
  const [name = "", ...rest] = parseCsv("allow", text);
  const wrong = rest.find((field) => !/^alias=./.test(field));
  if (name !== "" && wrong === undefined) return;
  const why = wrong === undefined ? "the name is empty" : `"${wrong}" is not alias=NAME`;
  throw new LuakitError("usage", `--allow: "device=${text}": ${why}`, {
    hint: "write device=VENDOR/CLASS=NAME, or device=NAME,alias=NAME-IN-THE-BUILD",
  });
}
