import type { Connection } from "./connect.ts";
import type { OutputOptions } from "./open-outputs.ts";
import type { PlannedExport } from "./planned-export.ts";

/** What an engine's exporter cannot push, the engine does. Gives what an exporter that can would have said. */
export async function pushFromEngine(
  exports: readonly PlannedExport[],
  response: Readonly<Record<string, string>>,
  { daemon }: Connection,
  options: OutputOptions,
): Promise<Readonly<Record<string, string>>> {
  const names = exports.flatMap(({ push = [] }) => push);
  if (names.length === 0) return response;
  const { pushImages } = await import("./engine-push.ts");
  const digest = await pushImages(names, daemon, options);
  // An engine knows the image by its config; a registry knows it by its manifest.
  const { "containerimage.digest": id = "" } = response;
  return {
    "containerimage.config.digest": id,
    ...response,
    "containerimage.digest": digest ?? id,
  };
}
