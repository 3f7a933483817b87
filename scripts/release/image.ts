import { readFileSync } from "node:fs";
import { run } from "../testbed/command.ts";
import type { Product } from "./product.ts";
import { executableOf, type Release } from "./release.ts";

/** The scripts that make the images of a release. */
const scripts = { gateway: "packaging/gateway.lua", ci: "packaging/ci.lua" } as const;
const platforms = { "linux-amd64": "linux/amd64", "linux-arm64": "linux/arm64" } as const;

/** One of the images of a release. */
export type ImageName = keyof typeof scripts;

/** Base images that take the place of those that the scripts name. */
export type BaseImages = ReadonlyMap<ImageName, string>;

export function isImageName(word: string): word is ImageName {
  return Object.hasOwn(scripts, word);
}

/** The images, as archives of OCI layouts, which luakit of this checkout builds on the daemon that it finds. */
export function imageProducts(release: Release, bases: BaseImages): readonly Product[] {
  const targets = (["linux-amd64", "linux-arm64"] as const).filter((target) => release.targets.includes(target));
  if (targets.length === 0) return [];
  return (["gateway", "ci"] as const).map((name) => {
    const flags = [
      `--platform=${targets.map((target) => platforms[target]).join(",")}`,
      ...labels(release, name).map((label) => `--label=${label}`),
      ...(bases.has(name) ? [`--build-arg=BASE=${bases.get(name)}`] : []),
    ];
    return {
      name: `luakit-${name}-${release.version}.oci.tar`,
      inputs: () => [
        flags,
        release.time,
        readFileSync(scripts[name], "utf8"),
        targets.map((target) => executableOf(target).sha256),
      ],
      make: (path: string) => build(release, scripts[name], flags, path),
    };
  });
}

function build(release: Release, script: string, flags: readonly string[], path: string): Promise<string> {
  const output = `type=oci,dest=${path},compression=gzip,force-compression=true,rewrite-timestamp=true`;
  const luakit = [process.execPath, "src/main.ts", "build", "--progress=plain"];
  return run([...luakit, `--output=${output}`, ...flags, script], {
    env: { SOURCE_DATE_EPOCH: String(release.time) },
  });
}

function labels({ version, repository, description }: Release, name: ImageName): readonly string[] {
  const title = name === "gateway" ? "luakit" : "luakit for CI";
  return [
    `org.opencontainers.image.title=${title}`,
    `org.opencontainers.image.description=${description}`,
    `org.opencontainers.image.version=${version}`,
    `org.opencontainers.image.source=${repository}`,
    "org.opencontainers.image.licenses=MIT",
  ];
}
