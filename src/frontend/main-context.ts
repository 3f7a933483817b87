import type { Gateway } from "../gateway/gateway.ts";
import { localMain, type MainContext, type MainContextOptions, urlOf } from "./client-context.ts";

/**
 * Finds the context of a build among the client's options and inputs, as the Dockerfile frontend does. It is `likely`
 * itself where that was right.
 */
export async function findMainContext(
  gateway: Gateway,
  given: MainContextOptions,
  likely: MainContext | undefined,
): Promise<MainContext> {
  const url = urlOf(given);
  if (url !== "") {
    const { remoteContext } = await import("./remote-context.ts");
    const remote = remoteContext(gateway, url, given);
    if (remote !== undefined) return remote;
  }
  const inputs = await given.inputs();
  if (inputs.has("context") || inputs.has("dockerfile")) {
    const { inputContext } = await import("./remote-context.ts");
    return inputContext(gateway, inputs, given);
  }
  return likely ?? localMain(gateway, given);
}
