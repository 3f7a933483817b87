import type { Writer } from "../wire/writer.ts";

/** What steps reach the network through. The daemon sets the variables, and none of it counts for the cache. */
export interface ProxyEnv {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  readonly ftp?: string | undefined;
  readonly no?: string | undefined;
  readonly all?: string | undefined;
}

/** In the order of the fields of pb.ProxyEnv. */
export const proxyKeys = ["http", "https", "ftp", "no", "all"] as const satisfies readonly (keyof ProxyEnv)[];

/** What a daemon must support for it. */
export const proxyCap = "exec.meta.proxyenv";

/** Writes a pb.ProxyEnv as a field. */
export function writeProxyEnv(writer: Writer, field: number, proxy: ProxyEnv): void {
  const mark = writer.begin(field);
  for (const [at, key] of proxyKeys.entries()) writer.text(at + 1, proxy[key] ?? "");
  writer.end(mark);
}
