import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { didYouMean } from "../../diagnostic/suggest.ts";
import { ulimitNames as names, type Ulimit } from "../../llb/exec-limit.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { integer, literal, text } from "../../lua/scalar.ts";
import { map, options } from "../../lua/table.ts";

const limit = oneOf(integer({ min: -1 }), literal("unlimited"));
const pair = options(
  {
    soft: { kind: limit, doc: "The limit that a process starts with.", required: true },
    hard: { kind: limit, doc: "The limit that a process may raise its own to; the soft one when absent." },
  },
  { type: "UlimitRange" },
);

/** Resource limits by name: `{nofile = 1024, nproc = "100:200", core = {soft = 0, hard = -1}}`. */
export const ulimits: Kind<readonly Ulimit[]> = refine(
  map(oneOf(integer({ min: -1 }), text, pair)),
  {
    type: "table<string, integer|string|UlimitRange>",
    expected: "table",
  },
  (value) => [...value].map(([name, bounds]) => parseUlimit(name, bounds)),
);

type Bound = number | "unlimited";

function parseUlimit(name: string, value: number | string | { soft: Bound; hard?: Bound }): Ulimit {
  if (!names.includes(name)) {
    throw new LuakitError("script.option", `unknown limit "${name}"${didYouMean(name, names)}`, {
      hint: `limits are ${names.join(", ")}`,
    });
  }
  const bounds = typeof value === "string" ? splitBounds(name, value) : value;
  const { soft, hard = soft } = typeof bounds === "number" ? { soft: bounds } : bounds;
  const ulimit = { name, soft: toNumber(soft), hard: toNumber(hard) };
  if (ulimit.hard !== -1 && (ulimit.soft === -1 || ulimit.soft > ulimit.hard)) {
    throw new LuakitError("script.option", `the soft limit of ${name} is above its hard limit`);
  }
  return ulimit;
}

function splitBounds(name: string, value: string): { soft: Bound; hard?: Bound } {
  const match = /^(unlimited|-1|\d+)(?::(unlimited|-1|\d+))?$/.exec(value);
  if (match === null) {
    throw new LuakitError("script.option", `"${value}" is not a limit of ${name}`, {
      hint: `write ${name} = 1024 or ${name} = "1024:2048"`,
    });
  }
  const [, soft = "", hard = soft] = match;
  return { soft: toBound(soft), hard: toBound(hard) };
}

function toBound(value: string): Bound {
  return value === "unlimited" ? value : Number(value);
}

function toNumber(bound: Bound): number {
  return bound === "unlimited" ? -1 : bound;
}
