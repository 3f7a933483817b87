import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { directory, file, type TarEntry } from "../../scripts/testbed/tar.ts";
import { executable } from "./executable.ts";
import { pushFrontend } from "./push-frontend.ts";

/**
 * The executable as a frontend image of the testbed's registry, pushed when this build of it is not there yet. It has
 * what the images of packaging/gateway.lua have, made in less time.
 */
export function gatewayImage(): Promise<string> {
  const { size, mtimeMs } = statSync(executable);
  return pushFrontend({
    repository: "luakit-gateway",
    tag: `${size}-${Math.round(mtimeMs)}`,
    files: rootEntries,
    config: { Entrypoint: ["/luakit"], User: "65532:65532" },
    level: 1,
  });
}

/** The executable and the libraries of this machine that it is linked with. */
function rootEntries(): readonly TarEntry[] {
  const listed = execFileSync("ldd", [executable], { encoding: "utf8" });
  const libraries = [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path);
  const files = [file("luakit", readFileSync(executable), 0o755)];
  const directories = new Set<string>();
  for (const path of libraries) {
    const parts = path.slice(1).split("/");
    for (let depth = 1; depth < parts.length; depth++) directories.add(parts.slice(0, depth).join("/"));
    files.push(file(path.slice(1), readFileSync(path), 0o755));
  }
  return [...[...directories].map((path) => directory(path)), ...files];
}
