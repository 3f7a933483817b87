import { describe } from "bun:test";
import { fuzz } from "./driver/fuzz.ts";
import { grpcTargets } from "./targets/grpc.ts";
import { http2Targets } from "./targets/http2.ts";
import { wireTargets } from "./targets/wire.ts";

describe("what comes over connections", () => {
  for (const target of [...http2Targets, ...grpcTargets, ...wireTargets]) fuzz(target);
});
