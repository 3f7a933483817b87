import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inDirectory, unique } from "../support/build.ts";
import { solvedIn } from "../support/solve.ts";
import { fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(120_000);

const { images, registry } = testbed();
const epoch = 4_000_000_000;
const time = "2096-10-02T07:06:40Z";

/** Layers that are the same whenever they are made: a file with its own time. */
const copied = (base: string, dest: string) =>
  `${base}:copy(bk.local_("context", {include = {"data"}}), "data", "${dest}")`;

describe.concurrent("with SOURCE_DATE_EPOCH, an image of steps that were built before is the same", () => {
  test.each<[string, string, readonly string[]]>([
    ["from scratch", copied("bk.scratch()", "/a"), ["copy data /a"]],
    ["on an image", copied(`bk.image("${images.busybox}")`, "/a"), ["busybox", "copy data /a"]],
    [
      "merged",
      `bk.merge(${copied(`bk.image("${images.busybox}")`, "/a")}, ${copied("bk.scratch()", "/b")})`,
      ["busybox", "copy data /a", "copy data /b"],
    ],
    [
      "of a mount",
      `bk.image("${images.busybox}"):run("touch -d @1 /out/x /out", {
         mounts = {bk.bind(${copied("bk.scratch()", "/a")}, "/out", {readonly = false})},
       }):mount("/out")`,
      ["copy data /a", "/bin/sh -c touch -d @1 /out/x /out"],
    ],
    ["with a named step", `bk.image("${images.busybox}"):run("true", {name = "nothing"})`, ["busybox", "nothing"]],
    [
      "that inherits nothing",
      copied(`bk.image("${images.busybox}")`, "/a"),
      [`docker-image://${images.busybox}`, "copy data /a"],
    ],
  ])("%s", async (shape, state, made) => {
    const names = [1, 2].map(() => `${registry}/epoch:${unique()}`);
    const inherit = shape !== "that inherits nothing";
    await inDirectory(async (directory) => {
      writeFileSync(join(directory, "data"), unique());
      utimesSync(join(directory, "data"), 1_600_000_000, 1_600_000_000);
      const text = `bk.export(${state}, {inherit = ${inherit}})`;
      await solvedIn(directory, text, ["-o", "type=cacheonly"]);
      for (const [index, name] of names.entries()) {
        const flags = ["-t", name, "--push", ...(index === 0 ? [] : ["--no-cache"])];
        await solvedIn(directory, text, flags, { env: { SOURCE_DATE_EPOCH: String(epoch) } });
      }
    });
    const [cached = "", fresh = ""] = names;
    const { created, history = [], rootfs } = await fetchConfig(cached);
    expect(created).toBe(time);
    expect(history.map(({ created_by }) => created_by)).toEqual([...made]);
    expect(history.slice(made.includes("busybox") ? 1 : 0).every((entry) => entry.created === time)).toBe(true);
    expect(rootfs.diff_ids.length).toBe(made.length);
    const again = await fetchConfig(fresh);
    // What the layers themselves have of the clock is not ours.
    const isSame = again.rootfs.diff_ids.join() === rootfs.diff_ids.join();
    if (isSame) expect((await fetchManifest(fresh)).digest).toBe((await fetchManifest(cached)).digest);
    expect({ ...again, rootfs }).toEqual(await fetchConfig(cached));
  });

  test("a difference has as many layers as the daemon says", async () => {
    const name = `${registry}/epoch:${unique()}`;
    const text = `
      local base = bk.image("${images.busybox}")
      bk.export(bk.diff(base, base:mkfile("/a", "${unique()}")))`;
    const env = { SOURCE_DATE_EPOCH: String(epoch) };
    await inDirectory((directory) => solvedIn(directory, text, ["-t", name, "--push"], { env }));
    expect((await fetchConfig(name)).created).toBe(time);
  });
});
