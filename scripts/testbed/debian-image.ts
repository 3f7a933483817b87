import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.ts";
import { needProgram } from "./debian.ts";
import type { Layout, Tagged } from "./layout.ts";
import { TestbedUnavailable } from "./unavailable.ts";

const env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "GREETING=hello"];

/** What no step needs: it is two thirds of the size. */
const ballast = [
  "var/cache/*",
  "var/lib/apt/lists/*",
  "var/log/*",
  "usr/share/doc/*",
  "usr/share/man/*",
  "usr/share/info/*",
  "usr/share/locale/*",
  "usr/share/i18n/*",
  "usr/lib/*/gconv",
  "usr/lib/udev/hwdb.d",
];

/** Writes the images `debian:TAG`: a minimal system of this machine's own release, once plain and once configured. */
export async function writeDebian(layout: Layout): Promise<Tagged> {
  const layer = layout.writeLayer(await bootstrap(layout.dir), "debootstrap");
  const write = (config: Readonly<Record<string, unknown>>) =>
    layout.writeImage({ platform: { os: "linux", architecture: "amd64" }, layers: [layer], config });
  return {
    bookworm: write({ Env: env, Cmd: ["bash"] }),
    configured: write({
      Env: env,
      User: "app",
      WorkingDir: "/srv/work",
      Entrypoint: ["/usr/bin/env"],
      Cmd: ["bash"],
      Labels: { "org.example.base": "debian" },
      ExposedPorts: { "80/tcp": {} },
      Volumes: { "/srv/data": {} },
    }),
  };
}

async function bootstrap(near: string): Promise<Uint8Array> {
  const { codename, mirror } = await describeRelease();
  const directory = mkdtempSync(`${near}-`);
  const root = join(directory, "root");
  const tar = join(directory, "root.tar");
  try {
    await run([needProgram("debootstrap"), "--variant=minbase", codename, root, mirror]);
    await run(["sh", "-c", `cd "$1" && rm -rf ${ballast.join(" ")}`, "sh", root]);
    await run(["chroot", root, "useradd", "--create-home", "--shell", "/bin/bash", "app"]);
    await run(["install", "-d", "-o", "1000", "-g", "1000", join(root, "srv/work"), join(root, "srv/data")]);
    await run([
      "tar",
      "-C",
      root,
      "--sort=name",
      "--mtime=@0",
      "--numeric-owner",
      "--exclude=./dev/*",
      "-cf",
      tar,
      ".",
    ]);
    return readFileSync(tar);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The release that this machine runs and the mirror that its apt is set up to use. */
async function describeRelease(): Promise<{ readonly codename: string; readonly mirror: string }> {
  const codename = /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "";
  const format = "$(RELEASE) $(COMPONENT) $(SITE)";
  const targets = (await run(["apt-get", "indextargets", "--format", format])).split("\n");
  const mirror = targets.find((line) => line.startsWith(`${codename} main `))?.split(" ")[2];
  if (mirror === undefined)
    throw new TestbedUnavailable("a Debian mirror", "apt has no source for this release's main");
  return { codename, mirror };
}
