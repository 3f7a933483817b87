import type { BuildRequest } from "../client/build-request.ts";
import type { DaemonTraits } from "../client/daemon-traits.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { ResolveMode } from "../llb/source-image.ts";
import { foreseeReferences } from "../script/daemon-images.ts";
import { likelyImages } from "../script/likely-images.ts";
import { type Input, isFlagSet } from "./command.ts";
import { hostPlatform } from "./host-platform.ts";
import type { ScriptInput } from "./read-script.ts";
import type { ScriptRequest } from "./script-build.ts";

/** As with docker build: an engine's own images go before those of registries. */
export function resolveModeOf({ offline }: BuildRequest, kind: DaemonTraits["kind"]): ResolveMode {
  return offline || kind === "docker" ? "local" : "default";
}

/** Has the daemon look for the images that a script most likely starts from. */
export function foreseeScript(
  gateway: Gateway,
  { data }: ScriptInput,
  request: ScriptRequest,
  { kind, platform = hostPlatform() }: DaemonTraits,
  input: Input,
): void {
  gateway.ping().catch(() => undefined);
  const [wanted = platform, ...others] = request.platforms;
  if (others.length > 0 || request.contexts !== undefined || isFlagSet(input, "no-resolve")) return;
  foreseeReferences(gateway, likelyImages(data), wanted, resolveModeOf(request, kind));
}
