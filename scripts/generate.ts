import { run, say } from "./say.ts";

say("generating src/gen from proto");
run("node_modules/.bin/buf", "generate");
