import { join } from "node:path";
import { ensureBackground } from "./background.ts";
import { run } from "./command.ts";
import { needProgram } from "./debian.ts";
import { writeRepositories } from "./git-repositories.ts";
import type { Place } from "./place.ts";
import { choosePort } from "./port.ts";
import type { GitServer } from "./record.ts";
import { startSsh } from "./ssh-server.ts";

const token = "git-testbed-token";
const header = "Bearer git-testbed-header";

/** Writes the repositories and serves them over smart HTTP and over ssh. */
export async function startGitServer(place: Place): Promise<GitServer> {
  const name = "git-server";
  const root = join(place.state, "git");
  const commits = await writeRepositories(root);
  const port = String(await choosePort(place, name));
  const url = `http://127.0.0.1:${port}`;
  const accessLog = join(place.state, "log", `${name}.jsonl`);
  const backend = join(await run([needProgram("git"), "--exec-path"]), "git-http-backend");
  const basic = `Basic ${btoa(`x-access-token:${token}`)}`;
  await ensureBackground(place, {
    name,
    argv: [process.execPath, join(place.scripts, "serve-git.ts"), port, accessLog, root, backend, basic, header],
    ready: async () => (await fetch(`${url}/sample.git/info/refs?service=git-upload-pack`)).ok,
  });
  return {
    url: `${url}/sample.git`,
    moduleUrl: `${url}/module.git`,
    privateUrl: `${url}/private.git`,
    token,
    header,
    commits,
    accessLog,
    ssh: await startSsh(place, root),
  };
}
