import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { inDirectory, writeFiles } from "../support/build.ts";
import { gatewayBuild } from "../support/gateway-build.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { addr, v012, docker } = testbed();
const daemons = [
  ["the newest daemon", addr],
  ["v0.12", v012?.addr ?? ""],
  ["a Docker Engine", `docker+${docker?.host}`],
] as const;

const script = `local out = bk.scratch()
for _, name in ipairs {"LARGE", "LINES", "EQUALS", "EMPTY", "QUOTES"} do
  out = out:mkfile("/" .. name, os.getenv(name))
end
bk.export(out)`;

const values = {
  // Linux ends an argument and a variable at 128 KiB.
  LARGE: "0123456789abcdef".repeat(7 * 1024),
  LINES: "first\nsecond\n\nlast",
  EQUALS: "a=b==c",
  EMPTY: "",
  QUOTES: `"'\\ $HOME \u00e9\u{1f600}`,
} as const;

beforeAll(async () => {
  await gatewayImage();
}, 120_000);

describe.concurrent("values reach the script as they are", () => {
  test.each(daemons)("through %s", async (_, daemon) => {
    await inDirectory(async (directory) => {
      writeFiles(directory, { "build.lua": script });
      const output = [`type=local,dest=${directory}/out`];
      const { exitCode, stderr } = await gatewayBuild({ directory, addr: daemon, buildArgs: values, output });
      expect({ exitCode, error: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, error: "" });
      for (const [name, value] of Object.entries(values)) {
        expect(await Bun.file(`${directory}/out/${name}`).text()).toBe(value);
      }
    });
  });
});

test("the time limit gives a script more time than it has by itself, and less", async () => {
  await inDirectory(async (directory) => {
    const busy = "local till = os.clock() + 1.5 while os.clock() < till do end bk.export(bk.scratch())";
    writeFiles(directory, { "build.lua": busy });
    const build = (time: string) => gatewayBuild({ directory, buildArgs: { LUAKIT_TIMEOUT: time } });
    expect((await build("2m")).exitCode).toBe(0);
    expect((await build("500ms")).stderr).toContain("the script ran for more than 0.5 s");
  });
});
