import { mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../../scripts/testbed/command.ts";
import { installPrograms, needProgram } from "../../scripts/testbed/debian.ts";
import type { Room } from "./document-furnishing.ts";
import { testbed } from "./testbed.ts";

const user = { name: "builder", id: 1000 } as const;

/**
 * The page's shell is that of the user `builder`, who has subordinate ids, rootlesskit and buildkitd, and no daemon. All
 * that is started there ends with the shell; nothing of it is seen on the machine.
 */
export async function rootlessUser({ home, bin, shell }: Room): Promise<Record<string, string>> {
  await installPrograms({ rootlesskit: "rootlesskit", newuidmap: "uidmap", "systemd-analyze": "systemd" });
  const script = join(home, "as-user.sh");
  writeFileSync(script, formatScript(home, replaceLinks(bin)));
  writeConfig(home);
  mkdirSync(join(home, "results"));
  await run(["chown", "-R", `${user.id}:${user.id}`, home]);
  shell.splice(0, shell.length, "unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", script);
  return { BUILDKIT_HOST: "", USER: user.name, XDG_RUNTIME_DIR: `/run/user/${user.id}` };
}

/** The user may not follow links to root's files, so the programs themselves are mounted in their places. */
function replaceLinks(bin: string): readonly (readonly [from: string, to: string])[] {
  const links = readdirSync(bin).map((name) => [realpathSync(join(bin, name)), join(bin, name)] as const);
  for (const [, path] of links) rmSync(path);
  const programs = [...links, [testbed().buildkitd, join(bin, "buildkitd")], [needProgram("runc"), join(bin, "runc")]];
  return programs.map(([from = "", to = ""]) => {
    writeFileSync(to, "", { mode: 0o755 });
    return [from, to];
  });
}

function formatScript(home: string, programs: readonly (readonly [string, string])[]): string {
  const ids = `${user.name}:200000:65536\n`;
  const account = `root:x:0:0:root:/root:/bin/sh\n${user.name}:x:${user.id}:${user.id}::${home}:/bin/sh\n`;
  const files = { passwd: account, subuid: ids, subgid: ids };
  const mounts = Object.entries(files).map(([name, text]) => {
    const path = join(home, `${name}.new`);
    writeFileSync(path, text);
    return `mount --bind ${path} /etc/${name}`;
  });
  return [
    "set -eu",
    "mount --make-rprivate /",
    ...mounts,
    ...programs.map(([from, to]) => `mount --bind ${from} ${to}`),
    "mount -t tmpfs tmpfs /run",
    `install -d -m 700 -o ${user.id} -g ${user.id} /run/user/${user.id}`,
    `exec setpriv --reuid ${user.id} --regid ${user.id} --clear-groups sh "$@"`,
    "",
  ].join("\n");
}

/** Docker Hub is the testbed's registry. */
function writeConfig(home: string): void {
  const path = join(home, ".config/buildkit/buildkitd.toml");
  const { registry } = testbed();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `[registry."docker.io"]\nmirrors = ["${registry}"]\n[registry."${registry}"]\nhttp = true\n`);
}
