import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { text } from "../../lua/scalar.ts";
import { options } from "../../lua/table.ts";
import { highestId, id } from "./scalar.ts";

/** Names, or ids as numbers. */
export interface Owner {
  readonly user?: string | number;
  readonly group?: string | number;
}

const parts = options(
  {
    user: { kind: oneOf(text, id), doc: "A user's name or id." },
    group: { kind: oneOf(text, id), doc: "A group's name or id." },
  },
  { type: "OwnerParts" },
);

/** `"app"`, `"1000:1000"`, `1000` or `{user = "app", group = 1000}`. */
export const owner: Kind<Owner> = refine(
  oneOf(text, id, parts),
  { type: "string|integer|OwnerParts", expected: 'owner such as "app", "1000:1000" or {user = "app"}' },
  (value) => {
    if (typeof value === "number") return { user: value };
    if (typeof value === "string") return parseOwner(value);
    if (value.user === undefined && value.group === undefined) {
      throw new LuakitError("script.option", "the owner has neither user nor group");
    }
    return {
      ...(value.user === undefined ? {} : { user: parseAccount(value.user) }),
      ...(value.group === undefined ? {} : { group: parseAccount(value.group) }),
    };
  },
);

/** `user`, `user:group` or `:group`, each a name or an id. */
export function parseOwner(value: string): Owner {
  const [user = "", group, ...rest] = value.split(":");
  if (rest.length > 0 || group === "" || (user === "" && group === undefined)) {
    throw new LuakitError("script.option", `"${value}" is not an owner`, {
      hint: 'write one such as "app", "app:staff" or "1000:1000"',
    });
  }
  return {
    ...(user === "" ? {} : { user: parseAccount(user) }),
    ...(group === undefined ? {} : { group: parseAccount(group) }),
  };
}

function parseAccount(value: string | number): string | number {
  if (typeof value === "number") return value;
  if (value === "" || /[\s:]/.test(value)) {
    throw new LuakitError("script.option", `"${value}" is not a name of a user or group`);
  }
  if (!/^\d+$/.test(value)) return value;
  if (Number(value) > highestId) throw new LuakitError("script.option", `the id ${value} is too large`);
  return Number(value);
}
