import { defineFunction, type FunctionDefinition, type FunctionDescriptor, type Parameter } from "../lua/function.ts";
import type { TestSession } from "./session.ts";

/** One function of the Lua test API. */
export type TestFunction = FunctionDescriptor<TestSession>;

/** Describes a function that test files have beside those of the build API. */
export function define<const P extends readonly Parameter[], Self = undefined>(
  definition: FunctionDefinition<TestSession, P, Self>,
): TestFunction {
  return defineFunction<TestSession>()(definition);
}
