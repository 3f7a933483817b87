import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean, suggest } from "../diagnostic/suggest.ts";
import { boolean, choice, parseBoolean, reference, someText, text } from "./attribute-checks.ts";
import { type AttributeTable, checkAttributes, parseAttributes } from "./attributes.ts";
import { formatCsv } from "./csv.ts";

export type AttestationType = "sbom" | "provenance";

export interface AttestFlags {
  /** Values of `--attest`. */
  readonly attest: readonly string[];
  readonly sbom: string | undefined;
  readonly provenance: string | undefined;
}

const types: readonly AttestationType[] = ["sbom", "provenance"];

const known: readonly string[] = ["type", "generator", "disabled"];

const provenance: AttributeTable = {
  mode: choice("min", "max", "full"),
  version: choice("v1", "v0.2"),
  "builder-id": text,
  reproducible: boolean,
  "inline-only": boolean,
  filename: someText,
  "capture-usage": boolean,
  "complete-materials": boolean,
};

/**
 * The attestations asked for: type to the value that the daemon reads after `attest:` (client.md §6), which is empty for
 * its defaults. None are made that were not asked for: buildx adds provenance by itself, buildctl and luakit do not.
 */
export function parseAttestations(flags: AttestFlags): ReadonlyMap<AttestationType, string> {
  const found = new Map<AttestationType, string>();
  const seen = new Set<AttestationType>();
  const given: (readonly [flag: string, attributes: Map<string, string>])[] = [
    ...flags.attest.map((value) => ["attest", parseAttributes("attest", value, keyOf)] as const),
    ...types.flatMap((type) => {
      const value = flags[type];
      return value === undefined ? [] : [[type, shorthand(type, value)] as const];
    }),
  ];
  for (const [flag, attributes] of given) {
    const type = readType(flag, attributes);
    if (seen.has(type)) throw new LuakitError("usage", `--${flag}: ${type} is asked for twice`);
    seen.add(type);
    const value = readValue(flag, type, attributes);
    if (value !== undefined) found.set(type, value);
  }
  return found;
}

/** `--sbom=true`, `--provenance=mode=max`. */
function shorthand(type: AttestationType, value: string): Map<string, string> {
  const enabled = parseBoolean(value);
  if (enabled !== undefined) return new Map([["type", type], ...(enabled ? [] : [["disabled", "true"] as const])]);
  if (!value.includes("=")) {
    const hint = type === "sbom" ? "write true, false or generator=IMAGE" : "write true, false, mode=min or mode=max";
    throw new LuakitError("usage", `--${type}: "${value}" is not known`, { hint });
  }
  return new Map([["type", type], ...parseAttributes(type, value, keyOf)]);
}

function readType(flag: string, attributes: Map<string, string>): AttestationType {
  const word = attributes.get("type");
  attributes.delete("type");
  const hint = "write type=sbom or type=provenance";
  if (word === undefined) throw new LuakitError("usage", `--${flag}: it says no type=`, { hint });
  const type = types.find((known) => known === word);
  if (type !== undefined && (flag === "attest" || flag === type)) return type;
  throw new LuakitError("usage", `--${flag}: there is no type "${word}"${didYouMean(word, types)}`, { hint });
}

/** The value; undefined when it is disabled. */
function readValue(flag: string, type: AttestationType, given: Map<string, string>): string | undefined {
  const table = type === "provenance" ? provenance : scanTable(flag, given.keys());
  const attributes = checkAttributes(flag, type, given, { ...table, disabled: boolean });
  const disabled = attributes.get("disabled");
  if (disabled !== undefined && parseBoolean(disabled) === true) return undefined;
  attributes.delete("disabled");
  return attributes.size === 0 ? "" : formatCsv([...attributes].map(([key, value]) => `${key}=${value}`));
}

/** Besides the generator an SBOM takes any setting: the scanner gets each as the variable BUILDKIT_SCAN_NAME. */
function scanTable(flag: string, keys: Iterable<string>): AttributeTable {
  const settings = [...keys].filter((key) => !known.includes(key));
  for (const key of settings) checkSetting(flag, key);
  return { ...Object.fromEntries(settings.map((key) => [key, text])), generator: reference };
}

function checkSetting(flag: string, key: string): void {
  if (!/^\w+$/.test(key)) {
    throw new LuakitError("usage", `--${flag}: "${key}" cannot be the name of a scanner's setting`, {
      hint: "a name has letters, digits and _",
    });
  }
  if (Object.hasOwn(provenance, key)) {
    throw new LuakitError("usage", `--${flag}: "${key}" is of provenance and not of sbom`, {
      hint: `write --provenance=${key}=…`,
    });
  }
  const meant = suggest(key, known);
  if (meant === undefined) return;
  throw new LuakitError("usage", `--${flag}: sbom has no attribute "${key}" (did you mean "${meant}"?)`);
}

/** Settings of scanners keep their case; what BuildKit itself reads is lower case. */
function keyOf(word: string): string {
  const lower = word.toLowerCase();
  return known.includes(lower) || Object.hasOwn(provenance, lower) ? lower : word;
}
