import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { inDirectory, unique } from "../support/build.ts";
import { solve, solved } from "../support/session-build.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const busybox = `bk.image("${testbed().images.busybox}")`;
const step = (command: string, options: string) =>
  `bk.export(${busybox}:run([===[${command}; true ${unique()}]===], {${options}}))`;
const mount = 'mounts = {bk.secret("/run/secrets/token")}';
const optional = 'mounts = {bk.secret("/run/secrets/token", {optional = true})}';
/** Says what a step sees without saying the secret. */
const look = "sha256sum < /run/secrets/token";
const hash = (text: string | Uint8Array) => new Bun.CryptoHasher("sha256").update(text).digest("hex");

describe.concurrent("a secret", () => {
  test("from a file reaches the step, byte for byte", async () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
    const { stderr } = await solved(step(look, mount), ["--secret=id=token,src=my token"], {
      files: { "my token": bytes },
    });
    expect(stderr).toContain(hash(bytes));
  });

  test("from a variable", async () => {
    const env = { MY_TOKEN: "s3cret-of-variable" };
    const { stderr } = await solved(step(look, mount), ["--secret", "id=token,env=MY_TOKEN"], { env });
    expect(stderr).toContain(hash("s3cret-of-variable"));
    expect(stderr).not.toContain("s3cret-of-variable");
  });

  test("without a place is the variable of its name, else the file", async () => {
    const flags = ["--secret", "id=token"];
    const files = { token: "f" };
    expect((await solved(step(look, mount), flags, { env: { token: "v" }, files })).stderr).toContain(hash("v"));
    expect((await solved(step(look, mount), flags, { files })).stderr).toContain(hash("f"));
  });

  test("as large as 500 KiB", async () => {
    const large = Buffer.alloc(500 * 1024, "x");
    const { stderr } = await solved(step(look, mount), ["--secret=id=token,src=large"], { files: { large } });
    expect(stderr).toContain(hash(large));
  });

  test("reaches the step's environment", async () => {
    const script = step("printf %s $TOKEN | sha256sum", 'secrets_env = {TOKEN = "token"}');
    const { stderr } = await solved(script, ["--secret=id=token,env=T"], { env: { T: "s3cret" } });
    expect(stderr).toContain(hash("s3cret"));
  });

  test("of a pipe is read", async () => {
    await inDirectory(async (place) => {
      Bun.spawnSync(["mkfifo", `${place}/pipe`]);
      const writer = Bun.spawn(["sh", "-c", `printf from-a-pipe > ${place}/pipe`], {
        stdout: "ignore",
        stderr: "ignore",
      });
      try {
        const { stderr } = await solved(step(look, mount), [`--secret=id=token,src=${place}/pipe`]);
        expect(stderr).toContain(hash("from-a-pipe"));
      } finally {
        writer.kill();
      }
    });
  });

  test("that is missing fails the step that needs it", async () => {
    const { exitCode, stderr } = await solve(step("true", mount), ["--secret=id=other,env=T"], { env: { T: "x" } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("secret token: not found");
    expect(stderr).toContain("hint: give it: --secret id=token,src=FILE");
  });

  test("that is missing is left out where it is optional", async () => {
    const script = step("ls /run/secrets/token 2>&1 || echo it is left out", optional);
    expect((await solved(script, [])).stderr).toContain("it is left out");
    const given = await solved(step(look, optional), ["--secret=id=token,env=T"], { env: { T: "given" } });
    expect(given.stderr).toContain(hash("given"));
  });

  test("is in no message of a step that fails", async () => {
    const env = { T: "s3cret-of-failure" };
    const { stderr } = await solve(step("false || exit 3", mount), ["--secret=id=token,env=T"], { env });
    expect(stderr).toContain("exit code: 3");
    expect(stderr).not.toContain("s3cret-of-failure");
  });

  test.each([
    ["--secret=id=token,src=none", "none"],
    ["--secret=id=token,env=NONE_SUCH", "NONE_SUCH"],
    ["--secret=id=token,src=large", "500 KiB"],
    ["--secret=id=token,src=.", "directory"],
  ])("that cannot be had is refused before the build: %s", async (flag, named) => {
    const files = { large: Buffer.alloc(500 * 1024 + 1) };
    const { exitCode, stderr } = await solve(step("true", mount), [flag], { files });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(named);
    expect(stderr).not.toContain("#1 ");
  });
});
