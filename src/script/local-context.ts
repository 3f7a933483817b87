import type { Gateway } from "../gateway/gateway.ts";
import type { Definition } from "../llb/definition.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import type { LocalContext } from "../llb/frontend.ts";
import { local } from "../llb/source-local.ts";
import { type State, withMetadata } from "../llb/state.ts";
import { checkIgnorePatterns, ignoreFile } from "./ignore-file.ts";

/**
 * A local directory as the Dockerfile frontend reads the one that is called `context`: without what its ignore file
 * names, where `<Dockerfile>.dockerignore` comes before `.dockerignore`. The daemon is asked for them, as the directory
 * may be on another machine.
 */
export async function readLocalContext(
  gateway: Gateway,
  { name, filename }: LocalContext,
  define: (state: State) => Definition,
): Promise<State> {
  const names = [`${filename}.dockerignore`, ignoreFile];
  const options = { followPaths: names, sharedKeyHint: `${name}-${ignoreFile}`, differ: "prefer-none" } as const;
  const files = withMetadata(local(name, options, {}), { name: `[internal] load ${ignoreFile}` });
  const { reference } = await gateway.solve(encodeDefinition(define(files)));
  const found = await readFirst(gateway, reference?.id, names);
  const exclude = found === undefined ? [] : checkIgnorePatterns(found.text, found.name);
  const context = local(name, { exclude, sharedKeyHint: name }, {});
  return withMetadata(context, { name: "[internal] load build context" });
}

async function readFirst(
  gateway: Gateway,
  reference: string | undefined,
  names: readonly string[],
): Promise<{ readonly name: string; readonly text: string } | undefined> {
  if (reference === undefined) return undefined;
  // The daemon has no code for a file that is not there, and what is wrong with the directory itself shows later.
  const files = names.map((name) =>
    gateway.readFile(reference, name).then(
      (bytes) => ({ name, text: new TextDecoder().decode(bytes) }),
      () => undefined,
    ),
  );
  return (await Promise.all(files)).find((file) => file !== undefined);
}
