import { testbed } from "./testbed.ts";

/**
 * Who builds the scripts of the tests: `buildctl` what luakit emits, or `luakit` itself (LUAKIT_TEST_ROLE=solve). The same
 * script must give the same.
 */
export function builtBy(): "buildctl" | "luakit" {
  return process.env.LUAKIT_TEST_ROLE === "solve" ? "luakit" : "buildctl";
}

/** The address of the daemon that tests run against: the newest, or LUAKIT_TEST_DAEMON=v0.12 or v0.21. */
export function daemonUnderTest(): string {
  const bed = testbed();
  const wanted = process.env.LUAKIT_TEST_DAEMON ?? "newest";
  const found = { newest: bed.addr, "v0.12": bed.v012?.addr, "v0.21": bed.v021?.addr }[wanted];
  if (found === undefined) throw new Error(`the testbed has no daemon ${wanted}`);
  return found;
}
