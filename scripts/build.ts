import { mkdirSync, renameSync } from "node:fs";
import { prepareLua } from "./lua-wasm.ts";
import { run } from "./say.ts";

const { version } = (await Bun.file("package.json").json()) as { version: string };
mkdirSync("dist", { recursive: true });
prepareLua("node_modules/wasmoon/dist/glue.wasm", ".cache/lua.wasm");
// An executable that runs cannot be written to, but it can be replaced.
const fresh = `dist/luakit.${process.pid}`;
run(
  process.execPath,
  "build",
  "--compile",
  "--bytecode",
  "--format=esm",
  "--splitting",
  "--minify",
  "--conditions=prepared",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
  `--define=LUAKIT_VERSION=${JSON.stringify(version)}`,
  "src/main.ts",
  `--outfile=${fresh}`,
);
renameSync(fresh, "dist/luakit");
