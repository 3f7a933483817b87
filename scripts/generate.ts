import { readFileSync, writeFileSync } from "node:fs";
import { run, say } from "./say.ts";
import { moduleName, type ProtoFile, wireModule } from "./wire-module.ts";

say("generating src/gen from proto, and what tests compare it with");
run("node_modules/.bin/buf", "generate", "--path", "proto/pb");
run("node_modules/.bin/buf", "build", "-o", ".cache/proto.json#format=json");
const files: readonly ProtoFile[] = JSON.parse(readFileSync(".cache/proto.json", "utf8")).file;
for (const file of files) writeFileSync(`src/gen/${moduleName(file)}.ts`, wireModule(file, files));
