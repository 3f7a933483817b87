import { LuakitError } from "../diagnostic/luakit-error.ts";

/** The ports of one EXPOSE word: `8080` is `8080/tcp`, `"8000-8002/udp"` is three. */
export function parseExposedPorts(word: string | number): readonly string[] {
  const text = String(word);
  const match = /^(\d+)(?:-(\d+))?(?:\/([a-zA-Z]*))?$/.exec(text);
  if (match === null) throw refuse(text, portHint(text));
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  const protocol = (match[3] || "tcp").toLowerCase();
  if (protocol !== "tcp" && protocol !== "udp" && protocol !== "sctp") throw refuse(text, "use tcp, udp or sctp");
  if (last > 65535) throw refuse(text, "a port is at most 65535");
  if (last < first) throw refuse(text, `write "${last}-${first}"`);
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol}`);
}

function portHint(text: string): string {
  const container = /:(\d+(?:-\d+)?(?:\/\w+)?)$/.exec(text)?.[1];
  if (container !== undefined) return `an image cannot map host ports: write "${container}"`;
  return 'write 8080, "8080/udp" or "8000-8010/tcp"';
}

function refuse(text: string, hint: string): LuakitError {
  return new LuakitError("image.config", `option "expose": "${text}" is not a port`, { hint });
}
