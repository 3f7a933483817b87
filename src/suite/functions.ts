import { apiFunctions, apiHandles } from "../api/api.ts";
import type { FunctionDescriptor } from "../lua/function.ts";
import type { HandleType } from "../lua/handle.ts";
import { declareFunctions } from "./declare-functions.ts";
import type { TestFunction } from "./define.ts";
import { graphExpectations } from "./graph-expectations.ts";
import { buildHandle, expectationHandle, solvedHandle } from "./handles.ts";
import { patternHandle } from "./pattern.ts";
import { buildFields, scriptFunctions } from "./script-functions.ts";
import type { TestSession } from "./session.ts";
import { solvedMethods, solveFunctions } from "./solve-functions.ts";
import { valueExpectations } from "./value-expectations.ts";

/** What test files have beside the functions of the build API, in the order of its documents. */
export const testFunctions: readonly TestFunction[] = [
  ...declareFunctions,
  ...scriptFunctions,
  ...solveFunctions,
  ...buildFields,
  ...valueExpectations,
  ...graphExpectations,
  ...solvedMethods,
];

/** The types of values that only tests have. */
export const testHandles: readonly HandleType<unknown>[] = [
  buildHandle,
  expectationHandle,
  solvedHandle,
  patternHandle,
];

/** Everything that a test file sees. */
export const fileFunctions: readonly FunctionDescriptor<TestSession>[] = [...apiFunctions, ...testFunctions];
export const fileHandles: readonly HandleType<unknown>[] = [...apiHandles, ...testHandles];
