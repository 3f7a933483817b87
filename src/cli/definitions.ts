import { apiFunctions, apiHandles } from "../api/api.ts";
import { renderStub } from "../api/stub/stub.ts";
import { testFunctions, testHandles } from "../suite/functions.ts";

/** The definitions that editors read: everything that a script or a test of one can call. */
export function renderDefinitions(): string {
  return renderStub({
    functions: [...apiFunctions, ...testFunctions],
    handles: [...apiHandles, ...testHandles],
  });
}
