import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import { marshal } from "../llb/marshal.ts";
import { local } from "../llb/source-local.ts";
import { withMetadata } from "../llb/state.ts";
import type { ScriptFile } from "../lua/position.ts";
import type { Platform } from "../oci/platform.ts";
import type { FrontendOptions } from "./frontend-options.ts";

/** The script of a build, as the daemon gave it. */
export interface FoundScript {
  readonly file: ScriptFile;
  /** The digest of the vertex that reads it: clients show there what the script warns of. */
  readonly vertex: string;
}

/** Reads the script from the client's directory of build files. */
export async function readScript(
  gateway: Gateway,
  { filename }: FrontendOptions,
  platform: Platform,
): Promise<FoundScript> {
  const options = { followPaths: [filename], sharedKeyHint: "dockerfile", differ: "prefer-none" } as const;
  const files = withMetadata(local("dockerfile", options, {}), {
    name: `[internal] load build definition from ${filename}`,
  });
  const definition = marshal(files, { platform, localUniqueId: gateway.sessionId });
  const { reference } = await gateway.solve(encodeDefinition(definition));
  if (reference?.id === undefined) throw new LuakitError("script.missing", `there is no script "${filename}"`);
  const bytes = await gateway.readFile(reference.id, filename);
  const vertex = definition.result?.op.digest ?? "";
  return { vertex, file: { name: filename, data: new TextDecoder().decode(bytes) } };
}
