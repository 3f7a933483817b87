import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fetchConfig, fetchManifest, testbed } from "../test/support/testbed.ts";
import { run, say } from "./say.ts";

const colors = process.stdout.isTTY && !process.env.NO_COLOR;
const bold = (text: string) => (colors ? `\u001b[1m${text}\u001b[0m` : text);
const faint = (text: string) => (colors ? `\u001b[2m${text}\u001b[0m` : text);

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

function heading(text: string): void {
  print("", bold(`== ${text}`), "");
}

/** Shows a file between faint lines. */
function showFile(path: string): void {
  print(faint(`-- ${path} ${"-".repeat(Math.max(3, 90 - path.length))}`));
  print(readFileSync(path, "utf8").trimEnd(), faint("-".repeat(94)), "");
}

/** Shows a command and runs it in `cwd`; its failure ends the demo. */
function shell(command: string, cwd: string, env: Readonly<Record<string, string>>): void {
  print(`${bold("$")} ${command}`);
  const { exitCode } = Bun.spawnSync(["sh", "-c", command], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (exitCode !== 0) {
    say(`failed with exit code ${exitCode}`);
    process.exit(1);
  }
}

/** Builds two examples through a real BuildKit daemon and shows what came out. */
async function demo(out: string): Promise<void> {
  const start = performance.now();
  say("bringing up a BuildKit daemon and a registry of its own (the first time takes some minutes)");
  run(process.execPath, "scripts/testbed.ts", "up");
  say("building the executable");
  run(process.execPath, "scripts/build.ts");
  const { addr, buildctl, registry } = testbed();
  const variables = { BUILDKIT_HOST: addr, LUAKIT_REGISTRY_MIRRORS: `docker.io=${registry}` };
  const path = [resolve("dist"), dirname(buildctl), process.env.PATH].join(delimiter);
  const env = { ...variables, PATH: path, IMAGE: `${registry}/demo/hello:1`, OUT: out };

  heading("A script becomes a build");
  showFile("examples/hello/build.lua");
  shell("luakit validate build.lua", "examples/hello", env);
  shell('luakit build --solve --output "$OUT"', "examples/hello", env);
  shell('cat "$OUT/greeting.txt"', "examples/hello", env);

  heading("A Go program in two stages becomes an image");
  showFile("examples/go/build.lua");
  shell("luakit dag --format text build.lua | grep -e '^#' -e cache", "examples/go", env);
  shell('luakit build --tag "$IMAGE" --push', "examples/go", env);
  await showImage(env.IMAGE);
  shell('luakit build --solve --output "$OUT"', "examples/go", env);
  shell('"$OUT/usr/bin/hello" world', "examples/go", env);

  heading("The same build for buildctl");
  shell(
    'luakit build --image-config "$OUT.json" | buildctl build --local context=. --output "type=local,dest=$OUT"',
    "examples/go",
    env,
  );

  heading(`Done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  print("The daemon stays up. To build on it yourself:", "");
  for (const [name, value] of Object.entries(variables)) print(`  export ${name}=${value}`);
  print(`  export PATH=${resolve("dist")}:${dirname(buildctl)}:$PATH`, "");
  print("To end it: node_modules/.bin/bun scripts/testbed.ts down");
}

/** What the registry has now. */
async function showImage(reference: string): Promise<void> {
  const { digest, layers = [] } = await fetchManifest(reference);
  const size = layers.reduce((total, layer) => total + layer.size, 0);
  print("", `The registry has ${reference}`, faint(digest));
  print(`${layers.length} layer of ${(size / 1e6).toFixed(1)} MB, and this config:`);
  print(JSON.stringify((await fetchConfig(reference)).config, null, 2), "");
}

const out = mkdtempSync(join(tmpdir(), "luakit-demo-"));
process.on("exit", () => rmSync(out, { recursive: true, force: true }));
await demo(out);
