import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { oneLine } from "../progress/harmless.ts";

/** Shows what a script warned of, beside the `vertex` that read it. Daemons that know no warnings are told none. */
export async function sendWarnings(gateway: Gateway, vertex: string, warnings: readonly LuakitError[]): Promise<void> {
  if (warnings.length === 0 || !(await gateway.ping()).gatewayCaps.has("gateway.warnings")) return;
  // No build fails because nobody can see what it is warned of.
  for (const warning of warnings) await send(gateway, vertex, warning).catch(() => undefined);
}

function send(gateway: Gateway, vertex: string, { message, position, hint }: LuakitError): Promise<void> {
  const [first = "", ...rest] = message.split("\n").map(oneLine);
  const detail = hint === undefined ? rest : [...rest, `hint: ${oneLine(hint)}`];
  if (position?.source === undefined) return gateway.warn({ vertex, short: first, detail });
  const { file, line, source } = position;
  const place = { source: { name: file, data: source }, line };
  return gateway.warn({ vertex, short: `${first} (${file}:${line})`, detail, place });
}
