import { join } from "node:path";

/** The executable that tests run: the compiled one, which `sh scripts/run.sh build` makes, unless LUAKIT names another. */
export const executable = process.env.LUAKIT ?? join(import.meta.dir, "../../dist/luakit");
