import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { run, say, tryRun } from "./say.ts";

/** Tests with a long form that are not below `test/stress`. */
const elsewhere = [
  ...["convert", "determinism", "gateway-robust", "h2-grpc", "robust-reader", "robust-transfer"].map(
    (name) => `integration/${name}`,
  ),
  "lua/vm",
].map((name) => `test/${name}.test.ts`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string" }, share: { type: "string", default: "1" } },
});
const seed = values.seed ?? String(Math.floor(Date.now() / 1000));
const figures = `${process.cwd()}/.cache/stress-figures.jsonl`;

/** The files whose path has one of the given words in it; all of them without words. */
function chosen(): readonly string[] {
  const own = readdirSync("test/stress", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `test/stress/${name}`);
  return [...own.sort(), ...elsewhere].filter(
    (path) => positionals.length === 0 || positionals.some((word) => path.includes(word)),
  );
}

/** What the tests told, one line each. */
function readFigures(): readonly string[] {
  const lines = existsSync(figures) ? readFileSync(figures, "utf8").trimEnd().split("\n") : [];
  return lines.map((line) => {
    const { what, figures: numbers } = JSON.parse(line) as { what: string; figures: Record<string, string | number> };
    const said = Object.entries(numbers).map(([name, value]) => `${value.toLocaleString("en")} ${name}`);
    return `${what}: ${said.join(", ")}`;
  });
}

run(process.execPath, "scripts/build.ts");
const files = chosen();
if (files.length === 0) say(`no test has ${positionals.join(" or ")} in its name`);
if (tryRun(process.execPath, "scripts/testbed.ts", "up", "--with", "v0.12,v0.21,docker,moby,buildx") !== 0) {
  say("there is no testbed here: what needs a daemon fails");
}
mkdirSync(".cache", { recursive: true });
rmSync(figures, { force: true });
Object.assign(process.env, { LUAKIT_STRESS: values.share, LUAKIT_SEED: seed, LUAKIT_STRESS_FIGURES: figures });
const failed: string[] = [];
for (const file of files) {
  say(`${file}, seed ${seed}`);
  // The tests set their own time limits.
  if (tryRun(process.execPath, "test", "--timeout=86400000", `./${file}`) !== 0) failed.push(file);
}
for (const line of readFigures()) process.stdout.write(`${line}\n`);
for (const file of failed) say(`failed: npm run stress -- --seed ${seed} --share ${values.share} ${file}`);
process.stdout.write(`${files.length - failed.length} files passed, ${failed.length} failed, seed ${seed}\n`);
process.exit(failed.length > 0 || files.length === 0 ? 1 : 0);
