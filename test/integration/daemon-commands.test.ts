import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildRecord } from "../../src/client/build-record.ts";
import { unique } from "../support/build.ts";
import { runLuakit } from "../support/luakit.ts";
import { buildctlBuild, fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const bed = testbed();
const scratch = mkdtempSync(join(tmpdir(), "luakit-test-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const daemons = [
  { name: "the newest daemon", addr: bed.addr, version: bed.version, buildctl: bed.buildctl, keepsDetails: true },
  ...(bed.v012 === undefined ? [] : [{ name: "the oldest daemon", ...bed.v012, keepsDetails: false }]),
];

/** Builds a Dockerfile; gives the build's ref in the daemon's history. */
async function buildDockerfile(addr: string, steps: string, args: readonly string[] = []): Promise<string> {
  const directory = mkdtempSync(join(scratch, "build-"));
  const refFile = join(directory, "ref");
  writeFileSync(join(directory, "Dockerfile"), `FROM ${bed.images.busybox}\n${steps}\n`);
  const locals = { context: directory, dockerfile: directory };
  await buildctlBuild({ addr, frontend: "dockerfile.v0", locals, args: [`--ref-file=${refFile}`, ...args] });
  return readFileSync(refFile, "utf8");
}

describe.each(daemons)("$name", ({ addr, version, buildctl, keepsDetails }) => {
  const luakit = (...args: readonly string[]) => runLuakit(args, { cwd: scratch, env: { BUILDKIT_HOST: addr } });

  async function jsonOf(...args: readonly string[]) {
    const { exitCode, stdout, stderr } = await luakit(...args, "--format", "json");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    return JSON.parse(stdout);
  }

  async function buildctlJson(...args: readonly string[]) {
    const child = Bun.spawn([buildctl, "--addr", addr, ...args, "--format", "{{json .}}"], { stdout: "pipe" });
    return JSON.parse(await new Response(child.stdout).text());
  }

  async function recordsWith(text: string): Promise<readonly { id: string; size: number; type: string }[]> {
    return (await jsonOf("du", "--filter", `description~=${text}`)).records;
  }

  test("tells its workers as buildctl does", async () => {
    const found = await jsonOf("workers");
    const [expected] = await buildctlJson("debug", "workers");
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ id: expected.id ?? expected.ID, labels: expected.labels ?? expected.Labels });
    const { stdout } = await luakit("workers");
    const [titles, row = ""] = stdout.split("\n");
    expect(titles).toMatch(/^ID +BUILDKIT +SNAPSHOTTER +PLATFORMS$/);
    expect(row).toMatch(new RegExp(`^${found[0].id} +${version} +\\w+ +linux/amd64(, |$)`));
    expect((await luakit("workers", "-v")).stdout).toContain("org.mobyproject.buildkit.worker.executor=oci");
    expect(await jsonOf("workers", "--filter", "id==nobody")).toEqual([]);
  });

  test("tells its version, and what chose it", async () => {
    expect(await jsonOf("info")).toMatchObject({ version, kind: "buildkit", address: addr, source: "BUILDKIT_HOST" });
    const { stdout } = await luakit("info", "--addr", addr);
    expect(stdout).toMatch(new RegExp(`^BuildKit +${version} `));
    expect(stdout).toMatch(/^Chosen by +--addr$/m);
  });

  test("shows the same disk usage as buildctl", async () => {
    const mark = unique();
    await buildDockerfile(addr, `RUN --mount=type=cache,id=${mark},target=/c echo ${mark} | tee /c/x >/x`);
    const expected: readonly Readonly<Record<string, unknown>>[] = await buildctlJson("du");
    const find = (id: string) => expected.find((record) => (record.id ?? record.ID) === id);
    const records = await recordsWith(mark);
    expect(records.map(({ type }) => type).sort()).toEqual(["exec.cachemount", "regular"]);
    for (const { id, size } of records) expect(find(id)?.size ?? find(id)?.Size).toBe(size);
    const { stdout } = await luakit("du", "--filter", `description~=${mark}`);
    expect(stdout).toMatch(/^ID +SIZE +LAST USED +TYPE +STATE +DESCRIPTION$/m);
    expect(stdout).toMatch(/^\w{25} +[\d.]+k?B +(just now|\d+ seconds? ago) +exec\.cachemount +mutable/m);
    expect(stdout).toMatch(/^Total +[\d.]+k?B$/m);
    expect((await luakit("du", "-v", "--filter", `description~=${mark}`)).stdout).toMatch(/^Used +1 time$/m);
    expect(await jsonOf("du", "--filter", `description~=${mark}`, "--filter", "until=1h")).toMatchObject({
      records: [],
    });
  });

  test("prunes what the filter means and nothing else", async () => {
    const [gone, kept] = [unique(), unique()];
    // An old daemon prunes a step's result only when it was exported once.
    const exported = ["--output=type=tar,dest=/dev/null"];
    await buildDockerfile(addr, `RUN echo ${gone} >/x`, exported);
    await buildDockerfile(addr, `RUN echo ${kept} >/x`, exported);
    const id = (await recordsWith(gone))[0]?.id;
    const filter = ["--filter", `description~=${gone}`];
    const spared = await luakit("prune", ...filter, "--keep-duration", "1h");
    expect(spared).toMatchObject({ exitCode: 0, stdout: "Nothing to prune\n" });
    const { exitCode, stdout } = await luakit("prune", ...filter);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^ID +SIZE .*\n${id} .*\n\nTotal +[\\d.]+k?B in 1 record\n$`));
    expect(await recordsWith(gone)).toEqual([]);
    const [other] = await recordsWith(kept);
    expect(await jsonOf("prune", "--filter", `id=${other?.id}`)).toMatchObject({
      records: [{ id: other?.id }],
      total: other?.size,
    });
  });

  test("says which limits of prune it does not know", async () => {
    const result = await luakit("prune", "--filter", `description~=${unique()}`, "--max-used-space", "1TB");
    if (keepsDetails) expect(result).toMatchObject({ exitCode: 0, stdout: "Nothing to prune\n" });
    else {
      expect(result.exitCode).toBe(1);
      expect(result.stderr).toContain("which knows no limits of used and free space: BuildKit v0.17 does");
    }
  });

  test("remembers a build with its steps, its log and its provenance", async () => {
    const mark = unique();
    const image = `${bed.registry}/history:${mark}`;
    const ref = await buildDockerfile(addr, `RUN echo "${mark} said"`, [
      `--opt=build-arg:MARK=${mark}`,
      "--opt=attest:provenance=mode=min",
      `--output=type=image,name=${image},push=true`,
    ]);
    const [record] = await jsonOf("history", "ls", "--filter", `ref=${ref}`);
    expect(record).toMatchObject({
      ref,
      status: "completed",
      exporters: [{ type: "image", attributes: { name: image } }],
    });
    expect(record.steps.completed).toBe(record.steps.total);
    expect((await luakit("history")).stdout).toMatch(new RegExp(`^${ref} +completed `, "m"));
    const logs = await luakit("history", "logs", ref);
    expect(logs.stdout).toMatch(new RegExp(`^#\\d+ [\\d.]+ ${mark} said$`, "m"));
    const raw = (await luakit("history", "logs", ref, "--progress", "rawjson")).stdout.trim().split("\n");
    expect(raw.map((line) => JSON.parse(line)).some(({ vertexes = [] }) => vertexes.length > 0)).toBe(true);
    const { stdout } = await luakit("history", "inspect", ref.slice(0, 20));
    expect(stdout).toMatch(new RegExp(`^ +build-arg:MARK +${mark}$`, "m"));
    expect(stdout).toContain((await fetchManifest(image)).digest);
    const [type = ""] = /https:\/\/slsa\.dev\/provenance\/\S+/.exec(stdout) ?? [];
    const provenance = await luakit("history", "inspect", ref, "--attachment", type);
    expect(JSON.parse(provenance.stdout)).toBeObject();
    const missing = await luakit("history", "inspect", ref, "--attachment", "nothing");
    expect(missing).toMatchObject({ exitCode: 1, stdout: "" });
    expect(missing.stderr).toContain(type);
  });

  test("remembers why a build failed", async () => {
    const mark = unique();
    const ref = await buildDockerfile(addr, `ENV X=1\nRUN echo ${mark}; exit 7\nENV Y=2`);
    expect(await jsonOf("history", "ls", "--filter", "status=error", "--filter", `ref=${ref}`)).toHaveLength(1);
    const { exitCode, stdout } = await luakit("history", "inspect", ref);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Status +error$/m);
    expect(stdout).toContain("did not complete successfully: exit code: 7");
    expect((await luakit("history", "logs", ref)).stdout).toContain(mark);
    if (!keepsDetails) return;
    expect(stdout).toContain(`Dockerfile:3\n`);
    expect(stdout).toMatch(new RegExp(`^ +> 3 \\| RUN echo ${mark}; exit 7$`, "m"));
    expect(stdout).toMatch(new RegExp(`^ +${mark}$`, "m"));
    const { error } = await jsonOf("history", "inspect", ref);
    expect(error).toMatchObject({ sources: [{ file: "Dockerfile", line: 3 }], logs: [mark] });
  });

  test("follows a build that runs still", async () => {
    const mark = unique();
    const steps = `RUN echo ${mark} begins; sleep 3; echo ${mark} ends`;
    const build = buildDockerfile(addr, steps, [`--opt=build-arg:MARK=${mark}`]);
    let running: string | undefined;
    while (running === undefined) {
      const records: readonly BuildRecord[] = await jsonOf("history", "ls", "--filter", "status=running");
      running = records.find(({ attributes }) => attributes["build-arg:MARK"] === mark)?.ref;
    }
    const { exitCode, stdout } = await luakit("history", "logs", running);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^#\\d+ [\\d.]+ ${mark} ends$`, "m"));
    const ref = await build;
    expect(ref).toBe(running);
    expect((await jsonOf("history", "ls", "--filter", `ref==${ref}`))[0].status).toBe("completed");
  });

  test("forgets a build", async () => {
    const ref = await buildDockerfile(addr, "");
    expect(await luakit("history", "rm", ref)).toMatchObject({ exitCode: 0, stdout: `${ref}\n`, stderr: "" });
    expect(await jsonOf("history", "ls", "--filter", `ref=${ref}`)).toEqual([]);
    const again = await luakit("history", "rm", ref);
    expect(again).toMatchObject({ exitCode: 1, stdout: "" });
    expect(again.stderr).toContain(`the daemon remembers no build "${ref}"`);
  });
});

describe("the BuildKit of an old Docker Engine", () => {
  const { docker } = bed;
  const onEngine = (...args: readonly string[]) =>
    runLuakit(args, { cwd: scratch, env: { DOCKER_HOST: docker?.host ?? "" } });

  test.skipIf(docker === undefined)("tells its workers and its disk usage", async () => {
    const { exitCode, stdout } = await onEngine("info", "--format", "json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "docker",
      address: `docker+${docker?.host}`,
      source: "DOCKER_HOST",
    });
    expect((await onEngine("workers")).stdout).toMatch(/^moby +linux\/amd64/m);
    expect((await onEngine("du")).stdout).toMatch(/^Total +[\d.]+\w*B$/m);
  });

  test.skipIf(docker === undefined)("keeps no history, and says so", async () => {
    const { exitCode, stderr } = await onEngine("history");
    expect(exitCode).toBe(1);
    expect(stderr).toBe("error: this daemon keeps no history of builds: BuildKit v0.11 does\n");
  });
});
