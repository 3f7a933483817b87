import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { luakit, writeFiles } from "../../support/build.ts";
import { megabytes } from "../../support/sampled-run.ts";
import { testbed } from "../../support/testbed.ts";
import { effort, randomOf, tell } from "../effort.ts";

/** Changes, each of which has to be built: as many as a long day has. */
const changes = effort(5, 5000);
/** Times that a whole tree changes, and its files. */
const checkouts = effort(1, 40);
const treeFiles = effort(100, 10_000);
const isLong = changes > 100;

setDefaultTimeout(isLong ? 86_400_000 : 60_000);

const scratch = mkdtempSync(join(tmpdir(), "luakit-watch-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Watching {
  readonly pid: number;
  /** Waits until something is so; throws with what luakit wrote last when it takes very long. */
  until(isSo: () => boolean, what: string): Promise<void>;
  /** Ends it, and gives the status. */
  stop(): Promise<number>;
}

function watch(directory: string, words: readonly string[], program: readonly string[] = []): Watching {
  const child = Bun.spawn([...program, luakit, ...words], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? "", HOME: directory, BUILDKIT_HOST: testbed().addr },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  let end = "";
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const bytes of child.stderr) end = (end + decoder.decode(bytes, { stream: true })).slice(-10_000);
  };
  void read();
  return {
    pid: child.pid,
    async until(isSo, what) {
      for (const limit = Date.now() + 60_000; !isSo(); await Bun.sleep(10)) {
        if (child.exitCode === null && Date.now() < limit) continue;
        child.kill("SIGKILL");
        throw new Error(`${what}: luakit, exit code ${child.exitCode}, wrote\n${end}`);
      }
    },
    async stop() {
      child.kill("SIGINT");
      return await child.exited;
    },
  };
}

/** What a process holds: descriptors, processes that it started, resident bytes. */
function heldBy(pid: number): { readonly descriptors: number; readonly children: number; readonly memory: number } {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").split(" ").filter(Boolean);
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    children: children.length,
    memory: Number(kilobytes) * 1024,
  };
}

/** Ways in which editors and tools write `lib/m.lua`. */
const ways: readonly ((directory: string, text: string, index: number) => void | Promise<void>)[] = [
  (directory, text) => writeFileSync(join(directory, "lib/m.lua"), text),
  (directory, text) => {
    writeFileSync(join(directory, "lib/.m.lua.swp"), text);
    renameSync(join(directory, "lib/.m.lua.swp"), join(directory, "lib/m.lua"));
  },
  (directory, text) => {
    renameSync(join(directory, "lib/m.lua"), join(directory, "lib/m.lua~"));
    writeFileSync(join(directory, "lib/m.lua"), text);
  },
  async (directory, text) => {
    rmSync(join(directory, "lib/m.lua"));
    await Bun.sleep(5);
    writeFileSync(join(directory, "lib/m.lua"), text);
  },
  async (directory, text) => {
    rmSync(join(directory, "lib"), { recursive: true });
    await Bun.sleep(5);
    mkdirSync(join(directory, "lib"));
    writeFileSync(join(directory, "lib/m.lua"), text);
  },
  (directory, text, index) => {
    renameSync(join(directory, "lib"), join(directory, `old-${index}`));
    mkdirSync(join(directory, "lib"));
    writeFileSync(join(directory, "lib/m.lua"), text);
    rmSync(join(directory, `old-${index}`), { recursive: true });
  },
  async (directory, text) => {
    for (let step = 0; step < 20; step++) {
      writeFileSync(join(directory, "lib/m.lua"), `return ${step}`);
      await Bun.sleep(step % 3);
    }
    writeFileSync(join(directory, "lib/m.lua"), text);
  },
  // In parts, as slow tools write.
  async (directory, text) => {
    writeFileSync(join(directory, "lib/m.lua"), "");
    await Bun.sleep(2);
    appendFileSync(join(directory, "lib/m.lua"), text.slice(0, 8));
    await Bun.sleep(2);
    appendFileSync(join(directory, "lib/m.lua"), text.slice(8));
  },
  (directory, text) => {
    cpSync(join(directory, "build.lua"), join(directory, "build.lua.new"));
    writeFileSync(join(directory, "lib/m.lua"), text);
    renameSync(join(directory, "build.lua.new"), join(directory, "build.lua"));
  },
];

test(`${changes} changes, one after the other: the last one is always built, and nothing grows`, async () => {
  const directory = mkdtempSync(join(scratch, "changes-"));
  const script = `bk.export(bk.scratch():mkfile("/text", require("lib.m")))`;
  writeFiles(directory, { "build.lua": script, "lib/m.lua": 'return "first"' });
  const out = join(directory, "out.pb");
  const isBuilt = (text: string) => existsSync(out) && readFileSync(out).includes(text);
  const session = watch(directory, ["build", "--watch", "--no-resolve", "-o", "out.pb"]);
  await session.until(() => isBuilt("first"), "the first build");
  const held: ReturnType<typeof heldBy>[] = [];
  for (let index = 0; index < changes; index++) {
    const random = randomOf("watch", index);
    const way = isLong ? random(ways.length) : (index + 3) % ways.length;
    const text = `<change ${index}>`;
    await ways[way]?.(directory, `return "${text}"`, index);
    await session.until(() => isBuilt(text), `change ${index}, made in way ${way}`);
    // Sometimes in the middle of a build, sometimes when it is over.
    await Bun.sleep(random(300));
    if (index % 10 === 9 || !isLong) held.push(heldBy(session.pid));
  }
  await session.until(() => heldBy(session.pid).children === 0, "the last build's end");
  await Bun.sleep(500);
  const last = heldBy(session.pid);
  expect(last.children).toBe(0);
  expect(await session.stop()).toBe(130);
  const settled = held[Math.floor(held.length / 5)] ?? last;
  tell("load: a day of --watch", {
    changes,
    missed: 0,
    "MB early": megabytes(settled.memory),
    "MB at the end": megabytes(last.memory),
    "descriptors early": settled.descriptors,
    "descriptors at the end": last.descriptors,
  });
  // No build runs now; while one does there are some more.
  const fewest = Math.min(...held.map(({ descriptors }) => descriptors));
  expect(last.descriptors).toBeLessThan(fewest + 3);
  expect(last.memory).toBeLessThan(settled.memory + 30e6);
});

/** Puts version `version` of a tree in the place of another: most files differ, some come, some go. */
function checkOut(root: string, version: number): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (let index = 0; index < treeFiles; index++) {
    if ((index + version) % 7 === 0) continue;
    // Every third directory has another name in every version.
    const place = Math.floor(index / 50);
    const name = place % 3 === 0 ? `d${place}-${version}` : `d${place}`;
    files.set(`${name}/f${index}`, `${index} of ${version}\n`);
  }
  for (const name of existsSync(root) ? readdirSync(root) : [])
    for (const file of readdirSync(join(root, name))) if (!files.has(`${name}/${file}`)) rmSync(join(root, name, file));
  for (const name of existsSync(root) ? readdirSync(root) : [])
    if (readdirSync(join(root, name)).length === 0) rmSync(join(root, name), { recursive: true });
  writeFiles(root, Object.fromEntries(files));
  return files;
}

function isSame(root: string, files: ReadonlyMap<string, string>): boolean {
  try {
    let count = 0;
    for (const name of readdirSync(root))
      for (const file of readdirSync(join(root, name))) {
        if (readFileSync(join(root, name, file), "utf8") !== files.get(`${name}/${file}`)) return false;
        count++;
      }
    return count === files.size;
  } catch {
    // It is being written.
    return false;
  }
}

const limits: readonly (readonly [string, readonly string[]])[] = [
  ["", []],
  [
    ", with no inotify watches left",
    [
      "unshare",
      "--user",
      "--map-root-user",
      "sh",
      "-c",
      'echo 4 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"',
    ],
  ],
];

// Looking at files each second takes its time.
test.each(isLong ? limits : limits.slice(0, 1))(
  `${treeFiles} files change at once, ${checkouts} times%s`,
  async (_, program) => {
    const directory = mkdtempSync(join(scratch, "tree-"));
    const context = join(directory, "context");
    writeFiles(directory, { "build.lua": 'bk.export(bk.local_("context"))', "context/.dockerignore": "**/*.tmp\n" });
    rmSync(join(context, ".dockerignore"));
    let files = checkOut(context, 0);
    const words = ["build", "--watch", "-c", "context", "-o", "type=local,dest=out,mode=delete", "--progress=quiet"];
    const session = watch(directory, words, program);
    await session.until(() => isSame(join(directory, "out"), files), "the first build");
    const before = heldBy(session.pid);
    for (let version = 1; version <= checkouts; version++) {
      if (version % 5 === 4) rmSync(context, { recursive: true });
      files = checkOut(context, version);
      await session.until(() => isSame(join(directory, "out"), files), `version ${version}`);
    }
    // What comes late of a change may start another build.
    await session.until(() => heldBy(session.pid).children === 0, "no build runs");
    const after = heldBy(session.pid);
    expect(await session.stop()).toBe(130);
    tell(`load: --watch, ${treeFiles} files at once${_}`, {
      checkouts,
      missed: 0,
      "MB early": megabytes(before.memory),
      "MB at the end": megabytes(after.memory),
      "descriptors early": before.descriptors,
      "descriptors at the end": after.descriptors,
    });
    expect(after.memory).toBeLessThan(before.memory + 60e6);
  },
);
