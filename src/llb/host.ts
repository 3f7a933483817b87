import { checkText, invalid } from "./invalid.ts";

/** A line of /etc/hosts. */
export interface Host {
  readonly name: string;
  readonly address: string;
}

/** Checks names and addresses; addresses get their usual spelling. */
export function hostsOf(hosts: ReadonlyMap<string, string>): readonly Host[] {
  return [...hosts].map(([name, address]) => {
    checkText("hosts", name);
    if (name === "" || /\s/.test(name)) throw invalid(`hosts: "${name}" is no host name`);
    return { name, address: parseAddress(name, address) };
  });
}

function parseAddress(name: string, address: string): string {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    const octets = address.split(".");
    if (octets.every((octet) => Number(octet) < 256 && String(Number(octet)) === octet)) return address;
  }
  const bare = address.startsWith("[") && address.endsWith("]") ? address.slice(1, -1) : address;
  if (bare.includes(":") && URL.canParse(`http://[${bare}]/`))
    return new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  throw invalid(`hosts: the address of "${name}" is no IP address: "${address}"`);
}
