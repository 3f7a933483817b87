import { benchEmit } from "../test/bench/emit.ts";
import { benchGateway } from "../test/bench/gateway.ts";
import { benchSolve } from "../test/bench/solve.ts";
import { testbed } from "../test/support/testbed.ts";
import { run, say, tryRun } from "./say.ts";

const parts = process.argv.slice(2);
const wanted = (part: string) => parts.length === 0 || parts.includes(part);
const luakit = "dist/luakit";

run(process.execPath, "scripts/build.ts");
const rows: string[] = [];
if (wanted("emit")) {
  const goLuakit = process.env.LUAKIT_GO;
  if (goLuakit === undefined) say("LUAKIT_GO=PATH adds the Go luakit to the comparison");
  rows.push(...benchEmit({ luakit, buildctl: Bun.which("buildctl") ?? process.env.BUILDCTL, goLuakit }));
}
if (wanted("solve")) {
  if (tryRun(process.execPath, "scripts/testbed.ts", "up", "--with", "buildx") === 0) {
    rows.push(...benchSolve({ luakit, bed: testbed() }));
  } else say("builds are not measured: there is no testbed here");
}
const measured =
  rows.length === 0
    ? []
    : ["| case | tool | wall | cpu | peak memory | wall / luakit |", "| --- | --- | --- | --- | --- | --- |", ...rows];
if (wanted("gateway")) {
  const goGateway = process.env.LUAKIT_GO_GATEWAY;
  if (goGateway === undefined) say("LUAKIT_GO_GATEWAY=PATH adds the Go luakit's gateway to the comparison");
  if (tryRun(process.execPath, "scripts/testbed.ts", "up", "--with", "buildx") === 0) {
    run(process.execPath, "scripts/build.ts", "linux/amd64");
    measured.push(...(measured.length > 0 ? [""] : []), ...(await benchGateway({ luakit, bed: testbed(), goGateway })));
  } else say("frontends are not measured: there is no testbed here");
}
process.stdout.write(`${measured.join("\n")}\n`);
