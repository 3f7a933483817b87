import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";

const packages = ["chromium-headless-shell", "fonts-liberation", "fonts-dejavu-core"];
const libraries = "usr/lib/x86_64-linux-gnu";

/** A browser without a window, and the environment that it needs: Debian's, with all its libraries, kept for later runs. */
export interface Chromium {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Debian's chromium-headless-shell; fetched and unpacked unless the cache has it. */
export async function debianChromium(): Promise<Chromium> {
  const cache = join(findPlace().cache, "packages");
  const root = join(cache, `${packages.join("-")}-whole`);
  mkdirSync(cache, { recursive: true });
  if (!existsSync(root)) {
    await locked(cache, async () => {
      if (!existsSync(root)) await unpack(root);
    });
  }
  return {
    path: join(root, "usr/lib/chromium/chromium-headless-shell"),
    env: {
      LD_LIBRARY_PATH: [libraries, `${libraries}/pulseaudio`, "lib/x86_64-linux-gnu"]
        .map((name) => join(root, name))
        .join(":"),
      FONTCONFIG_FILE: join(root, "fonts.conf"),
    },
  };
}

/** Everything but the C library, which the machine has. */
async function unpack(root: string): Promise<void> {
  const work = mkdtempSync(`${root}-`);
  try {
    const fresh = join(work, "root");
    mkdirSync(fresh);
    for (const archive of await download(work)) await run(["dpkg-deb", "-x", archive, fresh]);
    for (const name of ["usr/share/doc", "usr/share/locale", `${libraries}/dri`]) {
      rmSync(join(fresh, name), { recursive: true, force: true });
    }
    writeFileSync(join(fresh, "fonts.conf"), fontSettings(root));
    renameSync(fresh, root);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Takes nothing from the machine's own packages: a later machine may have fewer. */
async function download(work: string): Promise<string[]> {
  const archives = join(work, "cache/archives");
  mkdirSync(join(work, "state/lists/partial"), { recursive: true });
  mkdirSync(join(archives, "partial"), { recursive: true });
  writeFileSync(join(work, "state/status"), "");
  const settings = [
    `Dir::State=${join(work, "state")}`,
    `Dir::State::status=${join(work, "state/status")}`,
    `Dir::Cache=${join(work, "cache")}`,
    "Acquire::Languages=none",
    "APT::Sandbox::User=root",
    "APT::Keep-Downloaded-Packages=true",
  ];
  const apt = ["apt-get", "-q", "-y", ...settings.flatMap((setting) => ["-o", setting])];
  await run([...apt, "update"]);
  await run([...apt, "install", "--download-only", "--no-install-recommends", ...packages]);
  const names = readdirSync(archives).filter((name) => name.endsWith(".deb") && !name.startsWith("libc6_"));
  return names.map((name) => join(archives, name));
}

function fontSettings(root: string): string {
  const aliases = [
    ["sans-serif", "Liberation Sans"],
    ["serif", "Liberation Serif"],
    ["monospace", "DejaVu Sans Mono"],
  ].map(([family, name]) => `<alias><family>${family}</family><prefer><family>${name}</family></prefer></alias>`);
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${join(root, "usr/share/fonts")}</dir>
  <cachedir>${join(root, "var/cache/fontconfig")}</cachedir>
  ${aliases.join("\n  ")}
</fontconfig>
`;
}
