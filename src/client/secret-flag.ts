import { resolve } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { maxSecret } from "../session/secret-limit.ts";
import type { SecretSource } from "../session/secrets.ts";
import { choice, someText } from "./attribute-checks.ts";
import { type AttributeTable, checkAttributes, parseAttributes } from "./attributes.ts";
import type { FlagContext } from "./flag-context.ts";
import { lookAt } from "./path-stat.ts";

const table: AttributeTable = {
  id: someText,
  src: someText,
  source: someText,
  env: someText,
  type: choice("file", "env"),
};

/**
 * Reads `--secret` values: `id=NAME[,src=FILE|,env=VARIABLE][,type=file|env]`. With neither, the variable NAME is taken if
 * there is one, else the file NAME. Files and variables must be there. Throws "usage".
 */
export function parseSecrets(values: readonly string[], context: FlagContext): SecretSource[] {
  const sources = values.map((value) => parseSecret(value, context));
  const seen = new Set<string>();
  for (const { id } of sources) {
    if (seen.has(id)) throw new LuakitError("usage", `--secret: the id "${id}" is given twice`);
    seen.add(id);
  }
  return sources;
}

function parseSecret(value: string, context: FlagContext): SecretSource {
  if (!value.includes("=")) {
    throw new LuakitError("usage", `--secret: "${value}" is not NAME=VALUE`, { hint: `write id=${value}` });
  }
  const given = checkAttributes("secret", "a secret", parseAttributes("secret", value), table);
  const id = given.get("id");
  if (id === undefined) throw new LuakitError("usage", "--secret: it says no id=", { hint: "write id=NAME,src=FILE" });
  const { variable, file } = placeOf(id, given);
  if (variable !== undefined) return fromVariable(id, variable, context);
  if (file !== undefined) return fromFile(id, file, context);
  if (context.variables[id] !== undefined) return fromVariable(id, id, context);
  return fromFile(id, id, context);
}

interface SecretPlace {
  readonly variable: string | undefined;
  readonly file: string | undefined;
}

function placeOf(id: string, given: ReadonlyMap<string, string>): SecretPlace {
  const source = given.get("src") ?? given.get("source");
  const env = given.get("env");
  const type = given.get("type");
  if (given.has("src") && given.has("source")) throw twoPlaces(id, "src= and source=");
  if (env !== undefined && (source !== undefined || type === "file")) {
    throw twoPlaces(id, source === undefined ? "env= and type=file" : "src= and env=");
  }
  // `type=env,src=NAME` is Docker's other way to write `env=NAME`.
  if (type === "env") return { variable: env ?? source ?? id, file: undefined };
  return { variable: env, file: source ?? (type === "file" ? id : undefined) };
}

function twoPlaces(id: string, what: string): LuakitError {
  return new LuakitError("usage", `--secret: "${id}" has ${what}, and a secret is in one place`);
}

function fromVariable(id: string, env: string, { variables }: FlagContext): SecretSource {
  if (variables[env] !== undefined) return { id, env, variables };
  throw new LuakitError("usage", `--secret: "${id}": the variable ${env} is not set`, {
    hint: `set ${env}, or leave the secret out`,
  });
}

function fromFile(id: string, file: string, { cwd }: FlagContext): SecretSource {
  const path = resolve(cwd, file);
  const stat = lookAt(path, (reason, cause) => {
    return new LuakitError("usage", `--secret: "${id}": "${file}" cannot be used: ${reason}`, { cause });
  });
  if (stat === undefined) {
    const hint = file === id ? "write src=FILE or env=VARIABLE" : undefined;
    throw new LuakitError("usage", `--secret: "${id}": there is no file "${file}"`, { hint });
  }
  if (stat.isDirectory()) throw new LuakitError("usage", `--secret: "${id}": "${file}" is a directory`);
  if (stat.size > maxSecret) {
    throw new LuakitError(
      "usage",
      `--secret: "${id}": the file is larger than 500 KiB, which is all that a daemon takes`,
    );
  }
  return { id, path };
}
