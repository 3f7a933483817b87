import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique } from "../support/build.ts";
import { runLuakit, writeScript } from "../support/luakit.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { addr, registry, images } = testbed();
const env = { BUILDKIT_HOST: addr, LUAKIT_REGISTRY_MIRRORS: `docker.io=${registry}` };

/** Its image has a tag and no digest, and its merge and diff have the image's name in theirs. */
const scriptOf = (word: string) => `local base = bk.image("busybox:latest")
local made = base:run("echo ${word} > /made")
bk.export(bk.merge(made, bk.diff(base, made)):copy(bk.local_("files"), "/", "/"))
`;

test.each([
  { what: "found the digest of its image", contexts: [] },
  { what: "took another image", contexts: [`busybox=docker-image://${images.multi}`] },
  { what: "took another directory", contexts: ["files=src"] },
])("a page and a drawing have the times of a build that $what", ({ contexts }) =>
  inDirectory(async (directory) => {
    writeScript(directory, scriptOf(unique()), { "files/a": "a", "src/b": "b" });
    const run = (...args: string[]) => runLuakit(args, { cwd: directory, env });
    const flags = ["--trace=t.json", "--output=type=oci,dest=x.tar", "--local=files=files"];
    const built = await run("build", "--solve", ...flags, ...contexts.map((context) => `--build-context=${context}`));
    expect([built.exitCode, built.stderr]).toEqual([0, expect.any(String)]);
    for (const file of ["t.svg", "t.html"]) {
      expect(await run("dag", "--trace=t.json", "-o", file)).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    }
    const page = readFileSync(join(directory, "t.html"), "utf8");
    const { byDigest, byName, missing } = JSON.parse(/"trace":(\{[^{}]*\})/.exec(page)?.[1] ?? "{}");
    expect([byDigest + byName, missing]).toEqual([6, 0]);
    const drawing = readFileSync(join(directory, "t.svg"), "utf8");
    expect(drawing.match(/<g class="mark/g)).toHaveLength(6);
  }),
);
