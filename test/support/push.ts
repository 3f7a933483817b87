import { join } from "node:path";
import { type BuildOptions, inDirectory, unique } from "./build.ts";
import { runLuakit, writeScript } from "./luakit.ts";
import {
  buildctlBuild,
  type FetchedConfig,
  type FetchedManifest,
  fetchConfig,
  fetchManifest,
  testbed,
} from "./testbed.ts";

export interface PushedImage {
  readonly name: string;
  readonly config: FetchedConfig;
  readonly manifest: FetchedManifest;
}

export interface PushOptions extends Pick<BuildOptions, "flags"> {
  /** Attributes of the exporter, such as `,oci-mediatypes=true`. */
  readonly attributes?: string;
}

/** Pushes what a script builds to the testbed's registry, with `luakit config --output-attr`, as its users do. */
export function pushImage(script: string, options: PushOptions = {}): Promise<PushedImage> {
  return inDirectory(async (directory) => {
    writeScript(directory, script);
    const flags = options.flags ?? [];
    const definition = join(directory, "build.pb");
    await luakitOrThrow(["build", "-o", definition, ...flags], directory);
    const attributes = await luakitOrThrow(["config", "--output-attr", ...flags], directory);
    const name = `${testbed().registry}/pushed:${unique()}`;
    const output = `type=image,name=${name},push=true${options.attributes ?? ""},${attributes.trimEnd()}`;
    const built = await buildctlBuild({ definition: await Bun.file(definition).bytes(), output: [output] });
    if (built.exitCode !== 0) throw new Error(`buildctl exits with ${built.exitCode}:\n${built.stderr}`);
    return { name, config: await fetchConfig(name), manifest: await fetchManifest(name) };
  });
}

async function luakitOrThrow(args: readonly string[], cwd: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runLuakit(args, { cwd });
  if (exitCode !== 0) throw new Error(`luakit ${args[0]} exits with ${exitCode}:\n${stderr}`);
  return stdout;
}
