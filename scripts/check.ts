import { run } from "./say.ts";

run("node_modules/.bin/tsc", "--noEmit", "--project", ".");
run("node_modules/.bin/biome", "check", "--error-on-warnings", ".");
