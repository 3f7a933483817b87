import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { say } from "../say.ts";
import { hashFiles } from "../testbed/place.ts";
import { sha256 } from "./checksums.ts";

/** One file of a release. */
export interface Product {
  readonly name: string;
  /** Everything beside the scripts here that decides what is in the file. */
  readonly inputs: () => unknown;
  /** Makes the file at the path. */
  readonly make: (path: string) => Promise<unknown>;
}

/** Makes a product in a directory, unless it is there and made from the same. */
export async function makeProduct(directory: string, { name, inputs, make }: Product): Promise<void> {
  const path = join(directory, name);
  const record = join(".cache", directory, `${name}.json`);
  const from = createHash("sha256")
    .update(`${hashScripts()}${JSON.stringify(inputs())}`)
    .digest("hex");
  if (existsSync(path) && existsSync(record)) {
    const made: { readonly from: string; readonly sha256: string } = JSON.parse(readFileSync(record, "utf8"));
    if (made.from === from && made.sha256 === sha256(path)) return;
  }
  const start = performance.now();
  const fresh = join(directory, `.${process.pid}-${name}`);
  try {
    await make(fresh);
    renameSync(fresh, path);
  } finally {
    rmSync(fresh, { force: true });
  }
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(record, JSON.stringify({ from, sha256: sha256(path) }));
  say(`made ${name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** Makes products, two of them at a time: much of the work is that of other processes. */
export async function makeProducts(directory: string, products: readonly Product[]): Promise<void> {
  const waiting = [...products];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await makeProduct(directory, next);
  };
  await Promise.all([worker(), worker()]);
}

function hashScripts(): string {
  return hashFiles(resolve(import.meta.dir), ["."]);
}
