/** Every kind of failure that luakit reports, with the exit status that it gives the process. */
export const codes = {
  usage: 2,
  interrupted: 130,
  "build.failed": 1,
  "build.entitlement": 1,
  "script.missing": 1,
  "script.syntax": 1,
  "script.runtime": 1,
  "script.argument": 1,
  "script.option": 1,
  "script.limit": 1,
  "script.sandbox": 1,
  "script.module": 1,
  "script.export": 1,
  "llb.invalid": 1,
  "llb.unsupported": 1,
  "image.reference": 1,
  "image.resolve": 1,
  "image.config": 1,
  "graph.decode": 1,
  "file.read": 1,
  "file.write": 1,
  "file.pattern": 1,
  "file.transfer": 1,
  "session.broken": 125,
  "registry.auth": 1,
  "secret.invalid": 1,
  "ssh.agent": 1,
  "oci.layout": 1,
  "daemon.unreachable": 125,
  "daemon.gone": 125,
  "daemon.old": 1,
  "history.missing": 1,
  "rpc.cancelled": 1,
  "rpc.unknown": 1,
  "rpc.invalid-argument": 1,
  "rpc.deadline-exceeded": 1,
  "rpc.not-found": 1,
  "rpc.already-exists": 1,
  "rpc.permission-denied": 1,
  "rpc.resource-exhausted": 1,
  "rpc.failed-precondition": 1,
  "rpc.aborted": 1,
  "rpc.out-of-range": 1,
  "rpc.unimplemented": 1,
  "rpc.internal": 1,
  "rpc.unavailable": 1,
  "rpc.data-loss": 1,
  "rpc.unauthenticated": 1,
} as const;

/** A stable, machine-readable name of a failure; part of `--format json`. */
export type ErrorCode = keyof typeof codes;

/** The exit status of a process that ends with `code`. */
export function exitStatus(code: ErrorCode): number {
  return codes[code];
}
