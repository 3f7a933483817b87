import { testbed } from "./testbed.ts";

/**
 * Who builds the scripts of the tests: `buildctl` what luakit emits, `luakit` itself (LUAKIT_TEST_ROLE=solve), or luakit's
 * image as a frontend of the daemon (LUAKIT_TEST_ROLE=gateway). The same script must give the same.
 */
export function builtBy(): "buildctl" | "luakit" | "gateway" {
  const role = process.env.LUAKIT_TEST_ROLE ?? "";
  if (role === "") return "buildctl";
  if (role === "solve") return "luakit";
  if (role === "gateway") return "gateway";
  throw new Error(`LUAKIT_TEST_ROLE is ${role}, and not solve or gateway`);
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
