import { LuakitError } from "../diagnostic/luakit-error.ts";

/** The error of a Dockerfile that no frontend would take, at a line; whoever knows the file adds its name and text. */
export function syntaxError(message: string, line: number, hint?: string): LuakitError {
  return new LuakitError("convert.syntax", message, { position: { file: "", line }, hint });
}

/** The same error in a file; what has no line yet is at `line`. */
export function inFile(error: unknown, file: string, source: string, line: number): unknown {
  if (!(error instanceof LuakitError)) return error;
  const { message, hint, cause, position } = error;
  return new LuakitError("convert.syntax", message, {
    hint,
    cause,
    position: { file, line: position?.line ?? line, source },
  });
}
