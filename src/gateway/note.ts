import type { ResolveSourceMetaRequest } from "../gen/gateway.ts";
import { type Digest, digestOf } from "../llb/digest.ts";
import type { Init } from "../wire/codec.ts";

/**
 * A question whose answer is nothing, as there is nothing to look up for a source of this kind; but a daemon shows its
 * client what it looks up, under a name that it is given.
 */
export function noteRequest(
  text: string,
  id: string,
): { readonly request: Init<ResolveSourceMetaRequest>; readonly vertex: Digest } {
  const identifier = `local://${id}`;
  const [OS, Architecture] = ["linux", "amd64"];
  const request = { Source: { identifier }, LogName: text, Platform: { OS, Architecture } };
  // The daemon makes a vertex of what it looks up, and for which platform.
  return { request, vertex: digestOf(new TextEncoder().encode(`${identifier}${OS}/${Architecture}`)) };
}
