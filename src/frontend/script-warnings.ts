import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { oneLine } from "../progress/harmless.ts";
import type { FoundScript } from "./read-script.ts";

type ScriptPlace = Pick<FoundScript, "file" | "vertex">;

/** Shows what a script warned of. Daemons that know no warnings are told none. */
export async function sendWarnings(
  gateway: Gateway,
  script: ScriptPlace,
  warnings: readonly LuakitError[],
): Promise<void> {
  const { gatewayCaps } = warnings.length === 0 ? { gatewayCaps: new Set() } : await gateway.ping();
  if (!gatewayCaps.has("gateway.warnings")) return;
  try {
    if (gatewayCaps.has("source.metaresolver")) await sendToNote(gateway, script, warnings);
    else await sendAll(gateway, script.vertex, warnings);
  } catch {
    // No build fails because nobody can see what it is warned of.
  }
}

/** Plain progress prints no warnings of a step that is over, as the one that read the script is: this one comes again. */
async function sendToNote(gateway: Gateway, { file }: ScriptPlace, warnings: readonly LuakitError[]): Promise<void> {
  const text = `[${file.name}] ${warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`}`;
  const id = `${file.name}:warnings`;
  await sendAll(gateway, await gateway.note(text, id), warnings);
  await gateway.note(text, id);
}

async function sendAll(gateway: Gateway, vertex: string, warnings: readonly LuakitError[]): Promise<void> {
  for (const warning of warnings) await send(gateway, vertex, warning);
}

function send(gateway: Gateway, vertex: string, { message, position, hint }: LuakitError): Promise<void> {
  const [first = "", ...rest] = message.split("\n").map(oneLine);
  const detail = hint === undefined ? rest : [...rest, `hint: ${oneLine(hint)}`];
  if (position?.source === undefined) return gateway.warn({ vertex, short: first, detail });
  const { file, line, source } = position;
  const place = { source: { name: file, data: source }, line };
  return gateway.warn({ vertex, short: `${first} (${file}:${line})`, detail, place });
}
