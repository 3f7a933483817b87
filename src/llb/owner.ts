import { checkId, checkText, invalid } from "./invalid.ts";

/** A user or group: an id, or a name that the base's /etc/passwd or /etc/group has. */
export type Identity = number | string;

/** Who a file belongs to. */
export interface Owner {
  readonly user?: Identity | undefined;
  readonly group?: Identity | undefined;
}

/** Reads `"app"`, `"app:staff"`, `"1000:1000"` or an Owner. Digits are an id, `root` is 0. */
export function parseOwner(owner: string | Owner): Owner {
  if (typeof owner !== "string") {
    if (owner.user === undefined && owner.group === undefined) throw invalid("owner: neither user nor group");
    return { user: identityOf(owner.user), group: identityOf(owner.group) };
  }
  const [user, ...groups] = owner.split(":");
  const group = groups.length === 0 ? undefined : groups.join(":");
  return { user: identityOf(user), group: identityOf(group) };
}

function identityOf(identity: Identity | undefined): Identity | undefined {
  if (identity === undefined) return undefined;
  const id =
    identity === "root" ? 0 : typeof identity === "string" && /^\d+$/.test(identity) ? Number(identity) : identity;
  if (typeof id === "number") checkId("owner", id);
  else checkName(id);
  return id;
}

function checkName(name: string): void {
  checkText("owner", name);
  if (name === "" || /[:\s]/.test(name) || name.startsWith("-")) {
    throw invalid(`owner: "${name}" is no user or group`, 'write "app", "1000:1000" or {user = "app"}');
  }
}
