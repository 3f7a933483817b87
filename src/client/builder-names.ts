import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseObject, textMember } from "../image/json.ts";
import { buildxDirectory } from "./buildx-store.ts";
import { dockerConfigDirectory } from "./docker-context.ts";
import type { HostEnvironment } from "./host-environment.ts";

/** What `--builder` can name, and what each is: buildx builders and docker contexts. What cannot be read is left out. */
export function builderNames(host: HostEnvironment): readonly (readonly [name: string, kind: string])[] {
  const instances = join(buildxDirectory(host), "instances");
  const contexts = join(dockerConfigDirectory(host), "contexts", "meta");
  const builders = namesBelow(instances, "", "builder of buildx");
  return [...builders, ...namesBelow(contexts, "meta.json", "docker context"), ["default", "docker context"]];
}

function namesBelow(directory: string, file: string, kind: string): (readonly [string, string])[] {
  return list(directory).flatMap((entry) => {
    const name = textMember(parseObject(read(join(directory, entry, file))) ?? {}, "Name");
    return name === undefined ? [] : [[name, kind] as const];
  });
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return []; // Neither buildx nor docker has been used here.
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // Gone meanwhile, or not ours to read.
  }
}
