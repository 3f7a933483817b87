import { testbed } from "./testbed.ts";

/**
 * Who builds the scripts of the tests: `buildctl` what luakit emits, or `luakit` itself (LUAKIT_TEST_ROLE=solve). The same
 * script must give the same.
 */
export function builtBy(): "buildctl" | "luakit" {
  return process.env.LUAKIT_TEST_ROLE === "solve" ? "luakit" : "buildctl";
}

/** Which daemon tests run against, as LUAKIT_TEST_DAEMON names it. */
export function nameOfDaemon(): string {
  return process.env.LUAKIT_TEST_DAEMON ?? "newest";
}

/** The address of the daemon that tests run against: the newest, or another of the testbed's. */
export function daemonUnderTest(): string {
  const bed = testbed();
  const wanted = nameOfDaemon();
  const engine = (host: string | undefined) => (host === undefined ? undefined : `docker+${host}`);
  const addresses = new Map([
    ["newest", bed.addr],
    ["v0.12", bed.v012?.addr],
    ["v0.21", bed.v021?.addr],
    ["docker", engine(bed.docker?.host)],
    ["moby", engine(bed.moby?.host)],
  ]);
  const found = addresses.get(wanted);
  if (found === undefined) throw new Error(`the testbed has no daemon ${wanted}`);
  return found;
}

/** What an older daemon cannot do at once is tried in parts; the newest can do everything. */
export function unlessNewest(error: unknown): undefined {
  if (nameOfDaemon() === "newest") throw error;
}
