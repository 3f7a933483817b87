import type { Outline } from "../../script/outline.ts";
import type { Flag } from "../command.ts";
import { hostEnvironment } from "../host-environment.ts";
import { hostPlatform } from "../host-platform.ts";
import type { Terminal } from "../terminal.ts";
import { attributesOf, suggestAttributes } from "./attribute-list.ts";
import type { ScriptFacts } from "./script-facts.ts";
import { type Candidate, nothing, type Suggestions, words } from "./suggestions.ts";

interface Asked {
  /** The value as far as it is written. */
  readonly text: string;
  readonly facts: ScriptFacts;
  readonly terminal: Terminal;
}

type Source = (asked: Asked) => Promise<Suggestions> | Suggestions;

/** Flags whose values are known elsewhere than in their description. */
const sources: Readonly<Record<string, Source>> = {
  target: async ({ facts }) => ({ prefix: "", candidates: await facts.targets() }),
  "build-arg": suggestArgument,
  opt: suggestArgument,
  "frontend-arg": suggestArgument,
  env: ({ terminal }) => ({ prefix: "", candidates: words(...Object.keys(terminal.variables).sort()) }),
  platform: ({ text }) => ({ prefix: text.slice(0, text.lastIndexOf(",") + 1), candidates: platforms() }),
  progress: async () => {
    const { progressModes } = await import("../../progress/mode.ts");
    return { prefix: "", candidates: words(...progressModes) };
  },
  builder: async ({ terminal }) => {
    const { builderNames } = await import("../../client/builder-names.ts");
    return { prefix: "", candidates: builderNames(hostEnvironment(terminal)).map(([value, doc]) => ({ value, doc })) };
  },
  allow: () => ({ prefix: "", candidates: words("network.host", "security.insecure", "device") }),
  ssh: async ({ text, facts }) => {
    if (text.includes("=")) return { prefix: text.slice(0, text.indexOf("=") + 1), candidates: [], files: "any" };
    const ids = new Set(["default", ...((await facts.outline()).ssh ?? []).map(({ name }) => name)]);
    return { prefix: "", candidates: words(...ids) };
  },
};

/** What may be the value of a flag. */
export function suggestValue(name: string, flag: Flag, asked: Asked): Promise<Suggestions> | Suggestions {
  if (flag.choices !== undefined) return { prefix: "", candidates: words(...flag.choices) };
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (source !== undefined) return source(asked);
  const attributes = attributesOf(name);
  if (attributes !== undefined) return suggestList(name, attributes, asked);
  return suggestFile(flag.value ?? "", asked.text);
}

async function suggestList(
  name: string,
  attributes: NonNullable<ReturnType<typeof attributesOf>>,
  { text, facts, terminal }: Asked,
): Promise<Suggestions> {
  const free = async (key: string) =>
    name === "secret" && key === "id" ? ((await facts.outline()).secrets ?? []).map((secret) => secret.name) : [];
  const list = await suggestAttributes(attributes, text, free, Object.keys(terminal.variables).sort());
  const whole = name === "output" && !text.includes("=") && !text.includes(",");
  if (name === "sbom" || name === "provenance") return withTrue(list, text);
  return whole ? { ...list, files: "any" } : list;
}

function withTrue(list: Suggestions, text: string): Suggestions {
  return text.includes("=") ? list : { ...list, candidates: [{ value: "true" }, ...list.candidates] };
}

/** By what a value is called in the help: `FILE`, `DIR`, `NAME=DIR`. */
function suggestFile(placeholder: string, text: string): Suggestions {
  const [, left, right = placeholder] = /^(\w+)=(\w+)$/.exec(placeholder) ?? [];
  const equals = text.indexOf("=");
  if (left !== undefined && equals < 0) return nothing;
  const prefix = left === undefined ? "" : text.slice(0, equals + 1);
  if (/\bDIR\b/.test(right)) return { prefix, candidates: [], files: "directories" };
  if (/\bFILE\b/.test(right)) return { prefix, candidates: [], files: "any" };
  // What a source is replaced with may be a directory.
  return placeholder === "NAME=VALUE" && equals >= 0 ? { prefix, candidates: [], files: "directories" } : nothing;
}

async function suggestArgument({ text, facts }: Asked): Promise<Suggestions> {
  const args = (await facts.outline()).args ?? [];
  const equals = text.indexOf("=");
  if (equals < 0) return { prefix: "", candidates: args.map(describeArgument) };
  const values = args.find(({ name }) => name === text.slice(0, equals))?.values ?? [];
  return { prefix: text.slice(0, equals + 1), candidates: words(...values) };
}

function describeArgument(argument: NonNullable<Outline["args"]>[number]): Candidate {
  const { name, description, value, required } = argument;
  const remark = required && value === undefined ? "required" : value === undefined ? undefined : `default: ${value}`;
  const doc = [description, remark === undefined ? undefined : `(${remark})`].filter((part) => part !== undefined);
  return { value: `${name}=`, doc: doc.join(" "), open: true };
}

function platforms(): readonly Candidate[] {
  const { os, architecture, variant } = hostPlatform();
  const own = [os, architecture, variant].filter((part) => part !== undefined).join("/");
  const known = ["amd64", "arm64", "arm/v7", "arm/v6", "386", "riscv64", "ppc64le", "s390x", "loong64"];
  return words(...new Set([own, ...known.map((each) => `linux/${each}`)]));
}
