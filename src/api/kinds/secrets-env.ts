import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { boolean } from "../../lua/scalar.ts";
import { map, options } from "../../lua/table.ts";
import { filled } from "./text.ts";

interface SecretVariable {
  readonly id: string;
  readonly optional?: boolean;
}

const detailed = options(
  {
    id: { kind: filled, doc: "The secret's id on the command line. Default: the variable's name." },
    optional: { kind: boolean, doc: "Go on without it when the client does not have it. Default: false." },
  },
  { type: "SecretVariable" },
);

/** Environment variables that hold secrets: `{TOKEN = "token-id"}` or `{TOKEN = {id = "token-id", optional = true}}`. */
export const secretsEnv: Kind<ReadonlyMap<string, SecretVariable>> = refine(
  map(oneOf(filled, detailed)),
  { type: "table<string, string|SecretVariable>", expected: "table" },
  (value) => new Map([...value].map(([name, secret]) => [checkName(name), secretOf(name, secret)])),
);

function secretOf(
  name: string,
  secret: string | { readonly id?: string; readonly optional?: boolean },
): SecretVariable {
  return typeof secret === "string" ? { id: secret } : { ...secret, id: secret.id ?? name };
}

function checkName(name: string): string {
  if (name !== "" && !/[=\0]/.test(name)) return name;
  throw new LuakitError("script.option", `"${name}" is not the name of a variable`);
}
