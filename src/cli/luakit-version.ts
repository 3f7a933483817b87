declare const LUAKIT_VERSION: string | undefined;

/** The version that the build put into the executable; `dev` when run from source. */
export function luakitVersion(): string {
  return typeof LUAKIT_VERSION === "string" ? LUAKIT_VERSION : "dev";
}
