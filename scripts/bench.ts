import { benchEmit } from "../test/bench/emit.ts";
import { run, say } from "./say.ts";

run(process.execPath, "scripts/build.ts");
const goLuakit = process.env.LUAKIT_GO;
if (goLuakit === undefined) say("LUAKIT_GO=PATH adds the Go luakit to the comparison");
const rows = benchEmit({ luakit: "dist/luakit", buildctl: Bun.which("buildctl") ?? process.env.BUILDCTL, goLuakit });
process.stdout.write(
  `${["| case | tool | wall | cpu | peak memory | wall / luakit |", "| --- | --- | --- | --- | --- | --- |", ...rows].join("\n")}\n`,
);
