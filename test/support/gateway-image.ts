import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Layout } from "../../scripts/testbed/layout.ts";
import { pushImage } from "../../scripts/testbed/push.ts";
import { directory, file, formatTar, type TarEntry } from "../../scripts/testbed/tar.ts";
import { executable } from "./executable.ts";
import { isPushed } from "./registry.ts";
import { testbed } from "./testbed.ts";

const repository = "luakit-gateway";

/** The executable as a frontend image of the testbed's registry; pushed when this build of it is not there yet. */
export async function gatewayImage(): Promise<string> {
  const { registry } = testbed();
  const { size, mtimeMs } = statSync(executable);
  const tag = `${size}-${Math.round(mtimeMs)}`;
  const name = `${registry}/${repository}:${tag}`;
  if (await isPushed(name)) return name;
  const temporary = mkdtempSync(join(tmpdir(), "luakit-image-"));
  try {
    const layout = new Layout(join(temporary, "layout"));
    const image = layout.writeImage({
      platform: { os: "linux", architecture: "amd64" },
      layers: [layout.writeLayer(formatTar(rootEntries()), "luakit", 1)],
      config: {
        Entrypoint: ["/luakit"],
        User: "65532:65532",
        Labels: {
          "moby.buildkit.frontend.network.none": "true",
          "moby.buildkit.frontend.caps":
            "moby.buildkit.frontend.inputs,moby.buildkit.frontend.subrequests,moby.buildkit.frontend.contexts,moby.buildkit.frontend.gitquerystring",
        },
      },
    });
    layout.finish({ [tag]: image });
    await pushImage(layout.dir, { host: registry, repository, tag });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return name;
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
