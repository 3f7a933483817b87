import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, luakit, writeFiles } from "./build.ts";
import { buildctlBuild, testbed } from "./testbed.ts";
import { readTree, type Tree } from "./tree.ts";

/** What a client asks of a build, in the words of both `docker build` and luakit. */
export interface ConvertOptions {
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly platform?: string;
}

/** An image as both ways of building it must give it. */
export interface BuiltImage {
  readonly config: unknown;
  /** The variables in the order of the config. */
  readonly env: readonly string[];
  /** One line for each path: type, mode, owner, contents or target. */
  readonly files: readonly string[];
}

const place = join(import.meta.dir, "../integration/convert");

/** The context of all cases. */
const context = join(place, "context");

/** A Dockerfile of the folder, with the testbed's own places in it. `salt` keeps its caches from those of others. */
export function readCase(name: string, salt: string): string {
  const { registry, http, git } = testbed();
  return readFileSync(join(place, `${name}.Dockerfile`), "utf8")
    .replaceAll("REGISTRY", registry)
    .replaceAll("HTTP_URL", http.url)
    .replaceAll("HTTP_DIGEST", http.hello.digest)
    .replaceAll("GIT_URL", git.url)
    .replaceAll("GIT_COMMIT", git.commits.main)
    .replaceAll("CASE", salt);
}

/** What the daemon's own Dockerfile frontend makes of a Dockerfile. */
export function buildDockerfile(text: string, options: ConvertOptions): Promise<BuiltImage> {
  return inDirectory(async (directory) => {
    // The daemon's own frontend stands in for that of a registry which is not there.
    writeFiles(join(directory, "dockerfile"), { Dockerfile: text.replace(/^# syntax=/, "# frontend: ") });
    const { target, platform, buildArgs = {} } = options;
    const args = Object.entries(buildArgs).map(([name, value]) => [`build-arg:${name}`, value] as const);
    const opts = { ...(target && { target }), ...(platform && { platform }), ...Object.fromEntries(args) };
    const result = await buildctlBuild({
      frontend: "dockerfile.v0",
      locals: { context, dockerfile: join(directory, "dockerfile") },
      opts,
      secrets: ["id=token,env=TOKEN"],
      env: { TOKEN: "s3cr3t" },
      output: outputsIn(directory),
    });
    if (result.exitCode !== 0) throw new Error(`the Dockerfile is not built:\n${result.stderr}\n${text}`);
    return readImage(directory);
  });
}

/** What luakit makes of a script. */
export function buildScript(script: string, options: ConvertOptions): Promise<BuiltImage> {
  return inDirectory(async (directory) => {
    writeFiles(directory, { "build.lua": script });
    const { target, platform, buildArgs = {} } = options;
    const args = Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`);
    const { registry, addr } = testbed();
    const argv = [
      ...[luakit, "build", "--solve", `--addr=${addr}`, "--progress=plain", `--context=${context}`],
      ...(target === undefined ? [] : [`--target=${target}`]),
      ...(platform === undefined ? [] : [`--platform=${platform}`]),
      ...["--secret=id=token,env=TOKEN", ...args, ...outputsIn(directory).map((output) => `--output=${output}`)],
      "build.lua",
    ];
    const env = { ...process.env, TOKEN: "s3cr3t", LUAKIT_REGISTRY_MIRRORS: `docker.io=${registry}` };
    const child = Bun.spawn(argv, { cwd: directory, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    const [stderr, exitCode] = await Promise.all([new Response(child.stderr).text(), child.exited]);
    if (exitCode !== 0) throw new Error(`the script is not built:\n${stderr}\n${script}`);
    return readImage(directory);
  });
}

function outputsIn(directory: string): readonly string[] {
  return [`type=tar,dest=${join(directory, "tree.tar")}`, `type=oci,dest=${join(directory, "image.tar")}`];
}

function readImage(directory: string): BuiltImage {
  const tree = readTree(readFileSync(join(directory, "tree.tar")));
  const layout = readTree(readFileSync(join(directory, "image.tar")));
  const blob = (digest: string) => JSON.parse(layout.text(`blobs/${digest.replace(":", "/")}`));
  const { manifests } = JSON.parse(layout.text("index.json"));
  const image = blob(blob(manifests[0].digest).config.digest);
  return {
    config: plain(image),
    env: image.config?.Env ?? [],
    files: tree.paths.map((path) => line(tree, path)),
  };
}

/** Times, layers and history differ, and the order of variables is looked at by itself; ArgsEscaped means nothing but to Windows. */
function plain({ created, history, rootfs, config, ...rest }: Record<string, unknown>): unknown {
  const { ArgsEscaped, Env, ...container } = Object(config);
  const filled = Object.entries({ ...container, Env: [...(Env ?? [])].sort() }).filter(
    ([, value]) => value !== null && value !== "" && Object.keys(Object(value)).length + String(value).length > 0,
  );
  return { ...rest, config: Object.fromEntries(filled.sort()) };
}

function line(tree: Tree, path: string): string {
  const { type, mode, owner, target, data } = tree.entry(path);
  const contents = type === "file" ? new Bun.CryptoHasher("sha256").update(data).digest("hex").slice(0, 16) : target;
  const shown = data.length < 500 && type === "file" ? JSON.stringify(new TextDecoder().decode(data)) : contents;
  return `${path} ${type} ${mode} ${owner} ${shown}`;
}
