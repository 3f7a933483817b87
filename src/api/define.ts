import type { Context } from "../llb/location.ts";
import { type Call, defineFunction, type FunctionDescriptor } from "../lua/function.ts";
import type { Evaluation } from "./evaluation.ts";

/** One function of the Lua API. */
export type ApiFunction = FunctionDescriptor<Evaluation>;

/** Describes a function of the Lua API. */
export const define = defineFunction<Evaluation>();

/** Where the vertex that a call makes comes from. */
export function contextOf(call: Call<Evaluation, unknown>): Context {
  return { location: call.position() };
}
