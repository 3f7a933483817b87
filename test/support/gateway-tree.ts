import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Files, inDirectory, writeFiles } from "./build.ts";
import { withEngineSocket } from "./engine-socket.ts";
import { gatewayImage } from "./gateway-image.ts";
import { daemonUnderTest } from "./role.ts";
import { type BuildctlOptions, type BuildctlResult, buildctlBuild } from "./testbed.ts";
import { readTree, type Tree } from "./tree.ts";

/** A build through our frontend's image, with nothing in it that is not said. */
export interface GatewayTreeOptions extends Pick<BuildctlOptions, "opts" | "args" | "secrets" | "addr"> {
  /** The files of the client's directories, by their names. */
  readonly locals?: Readonly<Record<string, Files>>;
}

/** The file tree that a build gives, and its plain progress; throws with buildctl's words when it fails. */
export function gatewayTree(options: GatewayTreeOptions): Promise<{ tree: Tree; stderr: string }> {
  return inDirectory(async (directory) => {
    const archive = join(directory, "tree.tar");
    const { exitCode, stderr } = await run(directory, options, [`type=tar,dest=${archive}`]);
    if (exitCode !== 0) throw new Error(`the build exits with ${exitCode}:\n${stderr}`);
    return { tree: readTree(readFileSync(archive)), stderr };
  });
}

/** What buildctl writes of a build that fails; throws when it succeeds. */
export function gatewayFails(options: GatewayTreeOptions): Promise<string> {
  return inDirectory(async (directory) => {
    const { exitCode, stderr } = await run(directory, options, []);
    if (exitCode === 0) throw new Error(`the build succeeds:\n${stderr}`);
    return stderr;
  });
}

async function run(directory: string, options: GatewayTreeOptions, output: string[]): Promise<BuildctlResult> {
  const { locals = {}, opts = {}, addr = daemonUnderTest(), ...rest } = options;
  const written = Object.entries(locals).map(([name, files]) => {
    const place = join(directory, "local", name);
    mkdirSync(place, { recursive: true });
    writeFiles(place, files);
    return [name, place];
  });
  const source = await gatewayImage();
  return withEngineSocket(addr, (socket) =>
    buildctlBuild({
      ...rest,
      addr: socket,
      frontend: "gateway.v0",
      locals: Object.fromEntries(written),
      opts: { source, ...opts },
      output,
    }),
  );
}
