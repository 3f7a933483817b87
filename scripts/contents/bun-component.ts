import { targetRuntime, targets } from "../targets.ts";
import { readBunLicense } from "./bun-license.ts";
import type { Component } from "./component.ts";
import { licenseExpression } from "./license-names.ts";
import { lockedIntegrity } from "./locked-integrity.ts";

/** What the runtime calls its libraries in `process.versions`, where their page calls them otherwise. */
const runtimeNames: Readonly<Record<string, string>> = {
  "c-ares": "ares",
  libicu: "icu",
  libuv: "uv",
  "lol-html": "lolhtml",
  "ls-hpack": "lshpack",
  picohttp: "picohttpparser",
  "zlib-ng": "zlib",
};

/** The runtime and what is in it, as far as it tells itself. */
export function bunComponent(): Component {
  const { text, libraries } = readBunLicense();
  return {
    name: "Bun",
    version: Bun.version,
    license: "MIT",
    homepage: "https://bun.com",
    supplier: "Oven",
    comment: `revision ${Bun.revision}`,
    text,
    contains: libraries.map(({ name, homepage, said }) => ({
      name,
      version: versionOf(name),
      license: licenseExpression(said),
      said,
      homepage,
      contains: [],
    })),
  };
}

function versionOf(name: string): string | undefined {
  const key = name.toLowerCase();
  return process.versions[runtimeNames[key] ?? key];
}

/** The npm packages that the runtime of each target comes from. */
export function runtimePackages(): readonly Component[] {
  const names = [...new Set(targets.map((target) => targetRuntime(target).runtime))];
  return names.map((name) => ({
    name,
    version: Bun.version,
    license: "MIT",
    homepage: "https://bun.com",
    supplier: "Oven",
    purl: `pkg:npm/${name.replace("@", "%40")}@${Bun.version}`,
    sha512: Buffer.from(lockedIntegrity("bun.lock", name).slice("sha512-".length), "base64").toString("hex"),
    comment: `the runtime in ${targets.filter((target) => targetRuntime(target).runtime === name).join(", ")}`,
    contains: [],
  }));
}
