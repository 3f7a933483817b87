import { checkInteger, invalid } from "./invalid.ts";

const symbolic = /^[ugoa]*(?:[-+=](?:[ugo]|[rwxXst]*))+(?:,[ugoa]*(?:[-+=](?:[ugo]|[rwxXst]*))+)*$/;

/** Permission bits of something new. The daemon drops all but 0777, so more is refused. */
export function createMode(mode: number | undefined, otherwise: number): number {
  if (mode === undefined) return otherwise;
  if (mode > 0o777 && mode <= 0o7777) {
    throw invalid(`mode: the daemon has no setuid, setgid and sticky bits here`, "set them with chmod in a run");
  }
  checkInteger("mode", mode, 0, 0o777);
  return mode;
}

/** The mode of a copy: bits, octal text, or symbolic text such as `u+x,go-w`. */
export function copyMode(mode: number | string | undefined): number | string | undefined {
  if (mode === undefined) return undefined;
  const bits = typeof mode === "string" && /^[0-7]+$/.test(mode) ? Number.parseInt(mode, 8) : mode;
  if (typeof bits === "number") checkInteger("mode", bits, 0, 0o7777);
  else if (!symbolic.test(bits)) throw invalid(`mode: "${bits}" is no mode`, 'write "0755" or "u+x,go-w"');
  return bits;
}
