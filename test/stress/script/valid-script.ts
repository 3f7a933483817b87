import { apiFunctions } from "../../../src/api/api.ts";
import type { ApiFunction } from "../../../src/api/define.ts";
import { callText } from "./call-text.ts";
import type { Choice } from "./choice.ts";
import { head } from "./script-text.ts";
import { wrap } from "./wrap.ts";

export interface ValidOptions {
  /** The most calls. */
  readonly calls: number;
  /** Values in a hundred that are not what is wanted. */
  readonly odd: number;
  /** Sources that a daemon may have to look for far away, in a hundred. */
  readonly remote: number;
}

const remote = ["bk.git", "bk.http", "bk.https", "bk.oci_layout", "bk.blob"];
const needDaemon = ["bk.dockerfile", "bk.frontend"];
const elsewhere = ["bk.export", "bk.target", "bk.image", "bk.scratch"];

/** How often a function of a kind is called beside others. */
function weight({ name, returns, self }: ApiFunction): number {
  if (name === "state:run") return 8;
  if (self !== undefined && returns?.type === "State") return 3;
  return returns?.type === "State" || returns?.type === "Mount" ? 2 : 1;
}

/** A script that makes a graph of all kinds of ops, mostly with right arguments, and exports it. */
export function validScript(choice: Choice, { calls, odd, remote: chance }: ValidOptions): string {
  const plain = apiFunctions.filter(({ name, self }) => {
    if (remote.includes(name) || needDaemon.includes(name) || elsewhere.includes(name)) return false;
    return self === undefined || name.startsWith("state:");
  });
  const weighted = plain.flatMap((fn) => Array.from({ length: weight(fn) }, () => fn));
  const far = apiFunctions.filter(({ name }) => remote.includes(name));
  const states = 3;
  const lines = [
    ...head,
    "S[1], S[2], S[3] = bk.image(BUSYBOX), bk.scratch(), bk.local_('context')",
    "M[1], P[1] = bk.tmpfs('/mnt/t'), bk.target_platform()",
  ];
  let [made, mounts] = [states, 1];
  const handle = (type: string): string => {
    if (type === "State") return choice.percent(40) ? `S[${1 + choice.below(3)}]` : `S[${1 + choice.below(made)}]`;
    return type === "Mount" ? `M[${1 + choice.below(mounts)}]` : "P[1]";
  };
  for (let left = 1 + choice.below(calls); left > 0; left--) {
    const fn = choice.percent(chance) ? choice.any(far) : choice.any(weighted);
    if (fn === undefined) continue;
    const self = choice.percent(70) ? `S[${made}]` : handle("State");
    const call = wrap(callText(fn, { choice, odd, handle }, self), choice);
    if (fn.returns?.type === "State")
      lines.push(`S[${++made}] = try(function() ${call} end) or ${fn.self ? self : "S[1]"}`);
    else if (fn.returns?.type === "Mount") lines.push(`M[${++mounts}] = try(function() ${call} end) or M[1]`);
    else lines.push(`try(function() ${call} end)`);
  }
  lines.push(...ending(choice, made, odd, handle));
  return `${lines.join("\n")}\n`;
}

/** Exports, targets, platforms. */
function ending(choice: Choice, made: number, odd: number, handle: (type: string) => string): string[] {
  const config = apiFunctions.find(({ name }) => name === "bk.export");
  const several = choice.percent(60)
    ? `try(bk.merge, ${choice.several(2, 6, () => handle("State")).join(", ")}) or `
    : "";
  const last = `S[${made + 1}] = ${several}S[${made}]`;
  if (config === undefined) return [last];
  const tried = choice.percent(50) ? [`try(function() ${callText(config, { choice, odd, handle })} end)`] : [];
  const target = choice.percent(20) ? [`try(bk.target, "t", function() return S[${made}], {cmd = {"x"}} end)`] : [];
  return [last, ...tried, ...target, `pcall(bk.export, S[${made + 1}])`];
}
