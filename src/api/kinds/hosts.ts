import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { text } from "../../lua/scalar.ts";
import { map } from "../../lua/table.ts";

/** Extra lines of /etc/hosts, name to address: `{["db.local"] = "10.0.0.5"}`. */
export const hosts: Kind<ReadonlyMap<string, string>> = refine(map(text), { expected: "table" }, (value) => {
  for (const [name, address] of value) checkHost(name, address);
  return value;
});

function checkHost(name: string, address: string): void {
  if (name === "" || /[\s\0]/.test(name)) throw new LuakitError("script.option", `"${name}" is not a host name`);
  if (isAddress(address)) return;
  throw new LuakitError("script.option", `the address of "${name}" is not an IP address: "${address}"`, {
    hint: 'write one such as "10.0.0.5" or "fd00::5"',
  });
}

function isAddress(address: string): boolean {
  if (address.includes(":")) return URL.canParse(`http://[${address.replace(/^\[(.*)\]$/, "$1")}]/`);
  const parts = address.split(".");
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
}
