import { readArguments } from "./release/arguments.ts";
import { makeExecutables } from "./release/executables.ts";
import { makeRelease } from "./release/make-release.ts";
import { thisRelease } from "./release/release.ts";
import { say } from "./say.ts";

// Everything that a release consists of; `--help` says more.
const start = performance.now();
const { targets, directory, bases } = readArguments(process.argv.slice(2));
try {
  const release = await thisRelease(targets);
  process.env.SOURCE_DATE_EPOCH = String(release.time);
  say(`luakit ${release.version} for ${targets.join(", ")}${bases === undefined ? ", without images" : ""}`);
  await makeExecutables(targets);
  const names = await makeRelease(release, { directory, ...(bases !== undefined && { bases }) });
  say(`${names.length} files in ${directory} after ${((performance.now() - start) / 1000).toFixed(0)} s`);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
