import { expect, test } from "bun:test";
import { join } from "node:path";

const say = JSON.stringify(join(import.meta.dir, "../../scripts/say.ts"));

test.each(["tryRun", "tryRunBeside"])("what a task sets reaches what it runs: %s", (name) => {
  const task = `import { ${name} } from ${say};
    process.env.LUAKIT_STRESS = "7";
    process.exit(await ${name}("sh", "-c", "exit $LUAKIT_STRESS"));`;
  const { exitCode } = Bun.spawnSync([process.execPath, "--eval", task], { env: { PATH: process.env.PATH } });
  expect(exitCode).toBe(7);
});
