import { readFileSync } from "node:fs";
import { run } from "./command.ts";
import { needProgram } from "./debian.ts";
import type { Descriptor, Layer, Layout, Platform, Tagged } from "./layout.ts";
import { directory, file, formatTar, symlink, type TarEntry } from "./tar.ts";

const amd64: Platform = { os: "linux", architecture: "amd64" };
const arm64: Platform = { os: "linux", architecture: "arm64", variant: "v8" };
const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Writes the images `busybox:TAG`, which share their programs' layer. */
export async function writeBusybox(layout: Layout): Promise<Tagged> {
  const root = await writeRoot(layout);
  const writePlain = (platform: Platform) =>
    layout.writeImage({ platform, layers: [root], config: { Env: [path], Cmd: ["sh"] } });
  return {
    latest: writePlain(amd64),
    1: layout.writeIndex([amd64, arm64].map(writePlain)),
    multi: layout.writeIndex([amd64, arm64].map((platform) => writeOne(layout, root, platform))),
    configured: writeConfigured(layout, root),
  };
}

/** One image of the index; /arch.txt and MULTI tell them apart, the programs are amd64 in both. */
function writeOne(layout: Layout, root: Layer, platform: Platform): Descriptor {
  const marker = formatTar([file("arch.txt", `${platform.architecture}\n`)]);
  return layout.writeImage({
    platform,
    layers: [root, layout.writeLayer(marker, "arch.txt")],
    config: { Env: [path, `MULTI=linux/${platform.architecture}`], Cmd: ["sh"] },
  });
}

/** Two layers, and a config in which every usual field says something. */
function writeConfigured(layout: Layout, root: Layer): Descriptor {
  const work = [
    directory("data", 0o755, 1000),
    directory("work", 0o755, 1000),
    file("work/from-base.txt", "second layer\n"),
  ];
  return layout.writeImage({
    platform: amd64,
    layers: [root, layout.writeLayer(formatTar(work), "COPY work /work")],
    config: {
      Env: [path, "FOO=from-base"],
      User: "app",
      WorkingDir: "/work",
      Entrypoint: ["/bin/busybox"],
      Cmd: ["sh", "-l"],
      Labels: { "org.example.base": "configured", "org.example.keep": "yes" },
      ExposedPorts: { "8080/tcp": {}, "9090/udp": {} },
      Volumes: { "/data": {} },
      StopSignal: "SIGUSR1",
      Healthcheck: { Test: ["CMD", "true"], Interval: 30_000_000_000, Timeout: 5_000_000_000, Retries: 3 },
    },
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

const directories = "bin dev etc home proc root run sbin sys usr usr/bin usr/local usr/local/bin usr/sbin var".split(
  " ",
);

function rootEntries(program: Uint8Array): TarEntry[] {
  return [
    ...directories.map((name) => directory(name)),
    directory("home/app", 0o755, 1000),
    directory("tmp", 0o1777),
    file("bin/busybox", program, 0o755),
    file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home/app:/bin/sh\n"),
    file("etc/group", "root:x:0:\napp:x:1000:\n"),
  ];
}
