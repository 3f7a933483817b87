import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unique, writeFiles } from "../../support/build.ts";
import { type LuakitResult, runLuakit } from "../../support/luakit.ts";
import { testbed } from "../../support/testbed.ts";
import { openTokenRegistry } from "../../support/token-registry.ts";

setDefaultTimeout(120_000);

const { addr, images } = testbed();
const registry = openTokenRegistry();
const root = mkdtempSync(join(tmpdir(), "luakit-test-"));
const secret = {
  file: `f1le-${unique()}`,
  variable: `v4r-${unique()}`,
  password: "s3cret-pass",
  refresh: "s3cret-refresh",
  mirror: `m1rror-${unique()}`,
  url: `ur1-${unique()}`,
} as const;
const everySecret = [...Object.values(secret), btoa(`me:${secret.password}`)];

/** Everything that anybody could have read, by where it was. */
const seen = new Map<string, string>();

function note(where: string, { stdout, stderr }: Pick<LuakitResult, "stdout" | "stderr">): void {
  seen.set(`${where}: stdout`, stdout);
  seen.set(`${where}: stderr`, stderr);
}

const script = `
local tool = bk.image("${registry.host}/busybox:latest")
local after = tool:run("test -s /run/secrets/file && test -n \\"$VARIABLE\\" && sleep 0.3 # ${unique()}",
  {mounts = {bk.secret("/run/secrets/file", {id = "file"})}, secrets_env = {VARIABLE = "variable"}})
bk.export(after:run(os.getenv("FAILS") and "false # ${unique()}" or "true"))`;

const env = {
  TMPDIR: join(root, "tmp"),
  HOME: join(root, "home"),
  DOCKER_CONFIG: join(root, "docker"),
  SECRET_VARIABLE: secret.variable,
};
const flags = ["--addr", addr, "--secret", "id=file,src=secret.txt", "--secret", "id=variable,env=SECRET_VARIABLE"];
const luakit = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  runLuakit(args, { cwd: root, env: { ...env, ...more } });

/** Arguments of every process on this machine while a build runs. */
async function watchArguments(isOver: () => boolean): Promise<string> {
  let found = "";
  while (!isOver()) {
    for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
      try {
        const words = readFileSync(`/proc/${name}/cmdline`, "utf8");
        if (everySecret.some((value) => words.includes(value))) found += `${words}\n`;
      } catch {
        // It has ended meanwhile.
      }
    }
    await Bun.sleep(20);
  }
  return found;
}

beforeAll(async () => {
  for (const name of ["tmp", "home"]) mkdirSync(join(root, name));
  const login = { auth: btoa(`me:${secret.password}`) };
  writeFiles(root, {
    "build.lua": script,
    "secret.txt": secret.file,
    "docker/config.json": JSON.stringify({ auths: { [registry.host]: login } }),
    "url.lua": `bk.export(bk.image("a"):copy(bk.git("https://me:${secret.url}@example.com/x.git"), "/", "/"))`,
    "http.lua": `bk.export(bk.http("https://me:${secret.url}@example.com/x", {filename = "x"}))`,
    "option.lua": `bk.export(bk.http("https://example.com/x", {username = "me", password = "${secret.url}"}))`,
    "pull.lua": `bk.export(bk.image("docker.io/library/x"):run("x"))`,
  });
  let isOver = false;
  const watched = watchArguments(() => isOver);
  const told = ["--trace", "trace", "--report", "report.html", "--metadata-file", "metadata", "--ref-file", "ref"];
  const builds = [
    luakit(["build", "--solve", ...flags, ...told, "--progress", "plain", "-o", "out"]).then((result) => {
      expect([result.exitCode, result.stderr.includes("error:")]).toEqual([0, false]);
      note("a build", result);
    }),
    ...[["rawjson"], ["plain"]].map(([mode = ""]) =>
      luakit(["build", "--solve", ...flags, "--progress", mode, "--build-arg", "FAILS=1"], { LUAKIT_DEBUG: "1" }).then(
        (result) => {
          expect(result.exitCode).toBe(1);
          note(`a build that fails, ${mode}`, result);
        },
      ),
    ),
    luakit(["build", "-o", "out.pb"]).then((result) => note("a Definition", result)),
    ...["url.lua", "http.lua", "option.lua"].map((name) =>
      luakit(["dag", name], { LUAKIT_DEBUG: "1" }).then((result) => note(`dag ${name}`, result)),
    ),
    ...[
      `docker.io=http://me:${secret.mirror}@127.0.0.1:1`,
      `docker.io=me:${secret.mirror}@127.0.0.1:1`,
      `x=y=me:${secret.mirror}@z`,
    ].map((mirrors) =>
      luakit(["build", "pull.lua"], {
        LUAKIT_REGISTRY_MIRRORS: mirrors,
        LUAKIT_DEBUG: "1",
        HTTPS_PROXY: "http://127.0.0.1:1",
      }).then((result) => {
        expect(result.exitCode).not.toBe(0);
        note(`a mirror ${mirrors.slice(0, 16)}`, result);
      }),
    ),
    // A login that the registry does not take.
    luakit(["build"], {
      DOCKER_CONFIG: join(root, "none"),
      DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [registry.host]: { auth: btoa(`me:${secret.mirror}`) } } }),
      LUAKIT_DEBUG: "1",
    }).then((result) => note("a login that is refused", result)),
  ];
  await Promise.all(builds);
  isOver = true;
  seen.set("arguments of processes", await watched);
  const ref = readFileSync(join(root, "ref"), "utf8");
  await Promise.all(
    [
      ...["text", "json", "dot", "mermaid", "svg", "html"].map((format) => ["dag", "--format", format, "out.pb"]),
      ["history", "inspect", ref, "--addr", addr],
      ["history", "inspect", ref, "--format", "json", "--addr", addr],
      ["history", "logs", ref, "--addr", addr],
      ["du", "--verbose", "--addr", addr, "--filter", "type=exec.cachemount"],
      ["validate", "build.lua"],
      ["validate", "--format", "sarif", "build.lua"],
    ].map(async (args) => note(args.slice(0, 4).join(" "), await luakit(args))),
  );
  for (const name of ["trace", "report.html", "metadata", "ref", "out.pb"]) {
    seen.set(name, readFileSync(join(root, name), "latin1"));
  }
  for (const place of ["tmp", "home"]) {
    for (const name of readdirSync(join(root, place), { recursive: true, encoding: "utf8" })) {
      const path = join(root, place, name);
      if (statSync(path).isFile()) seen.set(`${place}/${name}`, readFileSync(path, "latin1"));
    }
  }
});

afterAll(() => {
  registry.stop();
  rmSync(root, { recursive: true, force: true });
});

describe("a secret", () => {
  test("was used", () => {
    expect(registry.asked.some((line) => line.includes(`me:${secret.password}`))).toBe(true);
    expect(statSync(join(root, "out")).isDirectory()).toBe(true);
    expect(seen.size).toBeGreaterThan(35);
    expect(seen.get("trace")).toContain("vertexes");
  });

  test("is nowhere", () => {
    const leaks = [...seen].flatMap(([where, text]) =>
      Object.entries(secret).flatMap(([name, value]) => {
        const forms = [value, btoa(value), encodeURIComponent(value), Buffer.from(value).toString("hex")];
        return forms.some((form) => text.includes(form)) ? [`${name} in ${where}`] : [];
      }),
    );
    // The script's own line is shown where it is refused: who wrote the password into it knows it.
    expect(leaks.filter((leak) => !/^url in dag (url|http|option)\.lua: stderr$/.test(leak))).toEqual([]);
  });

  test("leaves no temporary file", () => {
    expect(readdirSync(join(root, "tmp"))).toEqual([]);
  });

  test("is kept by nobody but its user", () => {
    const seeds = join(root, "docker/.token_seed");
    expect(statSync(seeds).mode & 0o077).toBe(0);
    expect(images.busybox).not.toBe("");
  });
});
