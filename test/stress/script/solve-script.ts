import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { luakit, writeFiles } from "../../support/build.ts";
import { testbed } from "../../support/testbed.ts";
import { wrapModule } from "./wrap.ts";

/** How a build ended; `text` is all that was written to stderr. */
export interface Solved {
  readonly exitCode: number;
  readonly text: string;
}

/** After that a build never ends, in milliseconds. */
const patience = 180_000;

/** A directory with all that generated scripts ask for, and the flags that give it to a build. */
export class Workshop implements Disposable {
  readonly directory: string;
  readonly #flags: readonly string[];

  constructor() {
    const bed = testbed();
    this.directory = mkdtempSync(join(tmpdir(), "luakit-script-"));
    const at = (name: string) => join(this.directory, name);
    writeFiles(at("context"), {
      "a.txt": "a",
      "d/x": "x",
      "d/y.tmp": "y",
      link: { link: "d" },
      "u\u{e9} \u{1F600}": "u",
    });
    writeFiles(at("other"), { b: "b", Dockerfile: "FROM scratch\nCOPY b /\n" });
    writeFileSync(at("secret"), "a secret");
    this.#flags = [
      ...[`--local=context=${at("context")}`, `--local=other=${at("other")}`],
      ...[`--secret=id=one,src=${at("secret")}`, `--secret=id=npm,src=${at("secret")}`],
      ...["--allow=network.host", "--allow=security.insecure", `--oci-layout=base=${bed.ociLayout.dir}`],
    ];
  }

  /** Values for what scripts name at their top. */
  get args(): readonly string[] {
    const { images, http, git, ociLayout } = testbed();
    const places = { BUSYBOX: images.busybox, HTTP: http.hello.url, GIT: git.url, LAYOUT: `base@${ociLayout.digest}` };
    return Object.entries(places).map(([name, value]) => `--build-arg=${name}=${value}`);
  }

  /** Writes a script into a directory of its own. */
  write(name: string, script: string): string {
    const place = join(this.directory, name);
    mkdirSync(place, { recursive: true });
    writeFiles(place, { "build.lua": script, "m.lua": wrapModule });
    return place;
  }

  /** Builds with luakit alone. */
  solve(place: string, addr: string): Promise<Solved> {
    const flags = ["--solve", `--addr=${addr}`, "--progress=plain", ...this.#flags, ...this.args];
    return runToEnd([luakit, "build", ...flags, "build.lua"], place);
  }

  /** Has luakit write the Definition, and buildctl build it. Undefined when there is none. */
  async emitAndSolve(place: string, addr: string, buildctl: string): Promise<Solved | undefined> {
    const file = join(place, "build.pb");
    const emitted = await runToEnd([luakit, "build", "--no-resolve", ...this.args, "-o", file, "build.lua"], place);
    if (emitted.exitCode !== 0) return emitted.text.includes("luakit has a bug") ? emitted : undefined;
    const argv = [buildctl, "--addr", addr, "build", "--progress=plain", ...this.#flags];
    return runToEnd(argv, place, Bun.file(file));
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

async function runToEnd(argv: string[], cwd: string, stdin?: Bun.BunFile): Promise<Solved> {
  const child = Bun.spawn(argv, {
    cwd,
    env: { PATH: process.env.PATH ?? "", HOME: join(cwd, "no-home") },
    stdin: stdin ?? "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), patience);
  const [text, exitCode] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  clearTimeout(timer);
  return { exitCode, text };
}
