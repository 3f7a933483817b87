import type { Address, SshAddress } from "./address.ts";

/** An address as a person writes it; what {@link parseAddress} reads. */
export function formatAddress(address: Address): string {
  switch (address.scheme) {
    case "unix":
    case "npipe":
      return `${address.scheme}://${address.path}`;
    case "tcp":
      return `tcp://${formatHost(address.host)}:${address.port}`;
    case "ssh":
      return formatSsh(address);
    case "docker":
      return `docker+${formatAddress(address.engine)}`;
    case "kube-pod":
      return `kube-pod://${address.pod}${formatQuery({ ...address, scheme: undefined, pod: undefined })}`;
    default:
      return `${address.scheme}://${address.container}${formatQuery({ context: address.context, namespace: address.namespace })}`;
  }
}

/** What HTTP/2 and TLS call the peer. */
export function hostOf(address: Address): string {
  if (address.scheme === "docker") return hostOf(address.engine);
  if (address.scheme === "tcp" || address.scheme === "ssh") return address.host;
  return "localhost";
}

function formatSsh({ user, host, port, socket }: SshAddress): string {
  const before = user === undefined ? "" : `${user}@`;
  return `ssh://${before}${formatHost(host)}${port === undefined ? "" : `:${port}`}${socket ?? ""}`;
}

function formatHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function formatQuery(options: { readonly [name: string]: string | undefined }): string {
  const query = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return query.length === 0 ? "" : `?${query.join("&")}`;
}
