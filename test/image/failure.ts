import { LuakitError } from "../../src/diagnostic/luakit-error.ts";

/** The LuakitError that `run` throws; anything else fails the test. */
export function failureOf(run: () => unknown): LuakitError {
  try {
    run();
  } catch (error) {
    if (error instanceof LuakitError) return error;
    throw error;
  }
  throw new Error("expected a LuakitError");
}

/** The LuakitError that `promise` ends with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<LuakitError> {
  const error: unknown = await promise.then(
    () => new Error("expected a LuakitError"),
    (reason: unknown) => reason,
  );
  if (error instanceof LuakitError) return error;
  throw error;
}
