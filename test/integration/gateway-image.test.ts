import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { debianPackage } from "../support/debian-package.ts";
import { readElf } from "../support/elf.ts";
import { compileTargets, packageImage, readPackaged } from "../support/packaged-image.ts";
import { frontendLabels } from "../support/push-frontend.ts";
import { readTree } from "../support/tree.ts";

setDefaultTimeout(300_000);

const systems = {
  amd64: { machine: "x86-64", loader: "lib64/ld-linux-x86-64.so.2", libraries: "lib/x86_64-linux-gnu" },
  arm64: { machine: "aarch64", loader: "lib/ld-linux-aarch64.so.1", libraries: "lib/aarch64-linux-gnu" },
} as const;
const architectures = ["amd64", "arm64"] as const;
const names = ["libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0"];

let folder = "";
const script = (architecture: string) => readPackaged(join(folder, "script"), architecture);
const dockerfile = (architecture: string) => readPackaged(join(folder, "dockerfile"), architecture);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "luakit-packaged-"));
  await compileTargets();
  const layout = (name: string) => `type=oci,tar=false,dest=${join(folder, name)}`;
  await packageImage("packaging/gateway.lua", layout("script"), "--no-cache");
  await packageImage("Dockerfile.gateway", layout("dockerfile"));
  await packageImage("packaging/gateway.lua", layout("again"), "--no-cache");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(architectures)("the frontend's image for linux/%s", (architecture) => {
  const { machine, loader, libraries } = systems[architecture];

  test("has the executable and the libraries that it is linked with, and nothing else", () => {
    const { layers } = script(architecture);
    expect(layers.length).toBe(1);
    const tree = readTree(layers[0] ?? new Uint8Array());
    const files = ["luakit", loader, ...names.map((name) => `${libraries}/${name}`)];
    const directories = [...new Set(["lib", loader.slice(0, loader.lastIndexOf("/")), libraries])];
    expect(tree.paths).toEqual([...files, ...directories].sort());
    for (const path of files) expect(tree.entry(path)).toMatchObject({ type: "file", owner: "0:0" });
    expect(tree.entry("luakit").mode).toBe("0755");
    const read = files.map((path) => readElf(tree.entry(path).data));
    expect(read.map((elf) => elf.machine)).toEqual(files.map(() => machine));
    expect(read[0]?.loader).toBe(`/${loader}`);
    const needed = new Set(read.flatMap((elf) => elf.needed));
    expect([...needed].sort()).toEqual(
      files
        .slice(1)
        .map((path) => path.replace(/.*\//, ""))
        .sort(),
    );
  });

  test("tells BuildKit what it can do, and runs as nobody in particular", () => {
    const { config } = script(architecture);
    expect(config.architecture).toBe(architecture);
    expect(config.config).toEqual({
      Entrypoint: ["/luakit"],
      User: "65532:65532",
      WorkingDir: "/",
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      Labels: frontendLabels,
    });
  });

  test("is the same from the script and from the Dockerfile", () => {
    const [ours, theirs] = [script(architecture).config, dockerfile(architecture).config];
    expect(theirs.rootfs).toEqual(ours.rootfs);
    expect(theirs.config).toEqual(ours.config);
  });

  test("is the same when it is made again", () => {
    expect(readPackaged(join(folder, "again"), architecture).digest).toBe(script(architecture).digest);
  });
});

test("the executable for linux/arm64 runs with what its image has", async () => {
  const [root, archive] = [join(folder, "root"), join(folder, "root.tar")];
  mkdirSync(root);
  writeFileSync(archive, script("arm64").layers[0] ?? "");
  await run(["tar", "-C", root, "-xf", archive]);
  const emulator = await debianPackage("qemu-user-static", "amd64");
  const arm64 = [join(emulator, "usr/bin/qemu-aarch64-static"), "-L", root, join(root, "luakit")];
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(await run([...arm64, "version"])).toBe(`luakit ${version}`);
  writeFileSync(join(folder, "build.lua"), 'bk.export(bk.scratch():mkfile("/made", "by Lua"))');
  expect(await run([...arm64, "dag", "--format=text", join(folder, "build.lua")])).toContain("mkfile /made");
});
