import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { BuilderNode } from "./buildx-store.ts";

/** What went wrong on one of several nodes, with the node's name. */
export function onNode(error: unknown, { name }: BuilderNode): unknown {
  if (!(error instanceof LuakitError) || error.message.includes(`node "${name}"`)) return error;
  const { code, message, position, callers, hint, cause } = error;
  return new LuakitError(code, `${message} (node "${name}")`, { position, callers, hint, cause });
}
