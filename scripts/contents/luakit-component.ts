import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bunComponent } from "./bun-component.ts";
import { type BundledPackage, bundledPackages, licenseText } from "./bundled-packages.ts";
import type { Component } from "./component.ts";
import { lockedIntegrity } from "./locked-integrity.ts";
import { luaComponents } from "./lua-component.ts";
import { rustComponents } from "./rust-component.ts";

/** luakit and what its executables contain: what the bundler takes, and the runtime. */
export async function luakitComponent(version: string): Promise<Component> {
  const { license, repository } = JSON.parse(readFileSync("package.json", "utf8"));
  return {
    name: "luakit",
    version,
    license: String(license),
    homepage: String(repository),
    supplier: "the luakit authors",
    purl: `pkg:github/${new URL(String(repository)).pathname.slice(1)}@v${version}`,
    text: readFileSync("LICENSE", "utf8"),
    contains: [...(await bundledPackages()).map(packageComponent), bunComponent()],
  };
}

function packageComponent({ name, version, license, homepage, author, directory, files }: BundledPackage): Component {
  return {
    name,
    version,
    license,
    homepage,
    supplier: author,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    sha512: Buffer.from(lockedIntegrity("bun.lock", name).slice("sha512-".length), "base64").toString("hex"),
    comment: `of it: ${files.join(", ")}`,
    text: licenseText(directory),
    contains: files.filter((file) => file.endsWith(".wasm")).flatMap((file) => wasmComponents(join(directory, file))),
  };
}

function wasmComponents(path: string): readonly Component[] {
  return readFileSync(path, "latin1").includes("emscripten_") ? luaComponents(path) : rustComponents(path);
}
