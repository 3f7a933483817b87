import { LLBBridge, type Ref, type Result, type SolveRequest } from "../gen/gateway.ts";
import { type Codec, type Method, message } from "../wire/codec.ts";

/** What is read of the daemon's answer to a graph. */
interface GraphAnswer {
  readonly result?: Pick<Result, "refDeprecated" | "ref"> | undefined;
}

// The answer holds the graph that was sent, and the build waits until it is read: that part is passed over.
const RefCodec: Codec<Pick<Ref, "id">> = /* @__PURE__ */ message(() => [[1, "id", "text", "plain"]]);

const ResultCodec: Codec<NonNullable<GraphAnswer["result"]>> = /* @__PURE__ */ message(() => [
  [1, "refDeprecated", "text", "optional"],
  [3, "ref", "message", "optional", () => RefCodec],
]);

const AnswerCodec: Codec<GraphAnswer> = /* @__PURE__ */ message(() => [
  [3, "result", "message", "optional", () => ResultCodec],
]);

/** LLBBridge.Solve of a graph of our own. */
export const solveGraph: Method<SolveRequest, GraphAnswer> = { ...LLBBridge.Solve, response: AnswerCodec };
