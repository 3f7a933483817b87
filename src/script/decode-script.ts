import { LuakitError } from "../diagnostic/luakit-error.ts";

/** The text of a script or module. */
export function decodeScript(name: string, data: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch (error) {
    throw new LuakitError("script.syntax", `"${name}" is not UTF-8 text`, { cause: error });
  }
}
