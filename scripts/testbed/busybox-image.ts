import { readFileSync } from "node:fs";
import { run } from "./command.ts";
import { needProgram } from "./debian.ts";
import type { Descriptor, Layer, Layout, Platform } from "./layout.ts";
import { directory, file, formatTar, symlink, type TarEntry } from "./tar.ts";

const amd64: Platform = { os: "linux", architecture: "amd64" };
const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Writes `busybox:latest`: one layer, and a config that says little more than PATH. */
export async function writeBusybox(layout: Layout): Promise<Descriptor> {
  return layout.writeImage({
    platform: amd64,
    layers: [await writeRoot(layout)],
    config: { Env: [path], Cmd: ["sh"] },
  });
}

async function writeRoot(layout: Layout): Promise<Layer> {
  const program = needProgram("busybox");
  const applets = (await run([program, "--list"])).split("\n").filter((name) => name !== "busybox");
  return layout.writeLayer(formatTar([...rootEntries(readFileSync(program)), ...applets.map(applet)]), "busybox");
}

function applet(name: string): TarEntry {
  return symlink(`bin/${name}`, "busybox");
}

function rootEntries(program: Uint8Array): TarEntry[] {
  return [
    ...["bin", "dev", "etc", "home", "proc", "root", "run", "sbin", "sys", "usr", "usr/bin", "usr/sbin", "var"].map(
      (name) => directory(name),
    ),
    directory("home/app", 0o755, 1000),
    directory("tmp", 0o1777),
    file("bin/busybox", program, 0o755),
    file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home/app:/bin/sh\n"),
    file("etc/group", "root:x:0:\napp:x:1000:\n"),
  ];
}
