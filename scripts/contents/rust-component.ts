import { readFileSync } from "node:fs";
import type { Component } from "./component.ts";

/** What the manifests of crates say of their licences, as SPDX expressions. */
const licenses: Readonly<Record<string, string>> = {
  "aho-corasick": "MIT OR Unlicense",
  full_moon: "MPL-2.0",
  lazy_static: "MIT OR Apache-2.0",
  memchr: "MIT OR Unlicense",
  regex: "MIT OR Apache-2.0",
  "regex-automata": "MIT OR Apache-2.0",
  "regex-syntax": "MIT OR Apache-2.0",
  smol_str: "MIT OR Apache-2.0",
  "wasm-bindgen": "MIT OR Apache-2.0",
};

/** The crates that a WebAssembly made by Rust names in the messages of its panics, and Rust's own library. */
export function rustComponents(wasm: string): readonly Component[] {
  const named = readFileSync(wasm, "latin1").matchAll(/registry\/src\/[^/]+\/([\w-]+)-(\d+\.\d+\.\d+[\w.+-]*)\//g);
  const versions = new Map(Array.from(named, ([, name = "", version = ""]) => [name, version] as const));
  if (versions.size === 0) throw new Error(`${wasm} is not made by Rust`);
  const crates = [...versions].sort().map(([name, version]) => crate(name, version));
  const rust = { name: "Rust", license: "MIT OR Apache-2.0", homepage: "https://www.rust-lang.org" };
  return [...crates, { ...rust, comment: "its standard library", contains: [] }];
}

function crate(name: string, version: string): Component {
  const license = licenses[name];
  if (license === undefined) throw new Error(`no licence is known for the crate ${name}`);
  return { name, version, license, purl: `pkg:cargo/${name}@${version}`, contains: [] };
}
