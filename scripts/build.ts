import { mkdirSync } from "node:fs";
import { run } from "./say.ts";

const { version } = (await Bun.file("package.json").json()) as { version: string };
mkdirSync("dist", { recursive: true });
run(
  process.execPath,
  "build",
  "--compile",
  "--bytecode",
  "--minify",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
  `--define=LUAKIT_VERSION=${JSON.stringify(version)}`,
  "src/main.ts",
  "--outfile=dist/luakit",
);
