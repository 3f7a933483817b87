import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Files, writeFiles } from "./build.ts";

export interface GitRepository {
  /** Over smart HTTP. */
  readonly url: string;
  /** The tip of `master`. */
  readonly commit: string;
  close(): void;
}

const identity = ["-c", "user.name=Testbed", "-c", "user.email=testbed@example.com", "-c", "commit.gpgsign=false"];

/**
 * A repository with these files on `master`, which old engines take for the default, and with `branch` where `onBranch`
 * is added; served until it is closed.
 */
export async function serveRepository(directory: string, files: Files, onBranch: Files = {}): Promise<GitRepository> {
  const work = join(directory, "work");
  const root = join(directory, "root");
  mkdirSync(work, { recursive: true });
  mkdirSync(root, { recursive: true });
  const git = (...args: string[]) => execFileSync("git", [...identity, ...args], { cwd: work, encoding: "utf8" });
  git("init", "--quiet", "--initial-branch=master");
  writeFiles(work, files);
  git("add", "--all");
  git("commit", "--quiet", "--message=Begin");
  const commit = git("rev-parse", "HEAD").trim();
  git("checkout", "--quiet", "-b", "branch");
  writeFiles(work, onBranch);
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message=Go on");
  git("checkout", "--quiet", "master");
  git("clone", "--quiet", "--bare", work, join(root, "sample.git"));
  const port = freePort();
  const child = serve(root, port, join(directory, "access.jsonl"));
  const url = `http://127.0.0.1:${port}/sample.git`;
  await waitFor(`${url}/info/refs?service=git-upload-pack`);
  return { url, commit, close: () => child.kill() };
}

function freePort(): number {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port = 0 } = server;
  server.stop(true);
  return port;
}

function serve(root: string, port: number, log: string) {
  const server = join(import.meta.dir, "../../scripts/testbed/serve-git.ts");
  const backend = join(execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim(), "git-http-backend");
  return Bun.spawn([process.execPath, server, String(port), log, root, backend], {
    stdout: "ignore",
    stderr: "ignore",
  });
}

async function waitFor(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await Bun.sleep(50);
  }
  throw new Error(`${url} does not answer`);
}
