import { bunRuntime, isTargetPlatform, targetPlatforms } from "./bun-runtime.ts";
import { compile } from "./executable.ts";
import { say } from "./say.ts";

// `linux/arm64 linux/amd64` makes executables for these; none of them one for this machine.
const platforms = process.argv.slice(2);
const unknown = platforms.find((platform) => !isTargetPlatform(platform));
if (unknown !== undefined) {
  say(`there is no target ${unknown}: it is one of ${targetPlatforms.join(", ")}`);
  process.exit(2);
}
if (platforms.length === 0) await compile("dist/luakit");
for (const platform of platforms.filter(isTargetPlatform)) {
  await compile(`dist/${platform.replace("/", "-")}/luakit`, bunRuntime(platform));
}
