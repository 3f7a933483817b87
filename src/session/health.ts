import { Health } from "../gen/health.ts";
import { type Service, unary } from "../rpc/server.ts";

const serving = 1;

/** `grpc.health.v1.Health`: the daemon asks every 5 s and closes a session that does not answer. */
export function health(): Service {
  return [unary(Health.Check, () => ({ status: serving }))];
}
