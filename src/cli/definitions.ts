import { apiFunctions, apiHandles } from "../api/api.ts";
import { renderStub } from "../api/stub/stub.ts";

/** The definitions that editors read: everything that a script can call. */
export function renderDefinitions(): string {
  return renderStub({ functions: apiFunctions, handles: apiHandles });
}
