#!/usr/bin/env node
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");

/** Packages that can hold the executable for this machine, likelier ones first. */
function candidates() {
  const name = `@luakit-build/${process.platform}-${process.arch}`;
  if (process.platform !== "linux") return [name];
  const glibc = process.report?.getReport().header.glibcVersionRuntime !== undefined;
  return glibc ? [name] : [`${name}-musl`];
}

function findExecutable() {
  const file = process.platform === "win32" ? "luakit.exe" : "luakit";
  for (const name of candidates()) {
    try {
      return require.resolve(`${name}/bin/${file}`);
    } catch {}
  }
  process.stderr.write(
    `luakit: the package ${candidates().join(" or ")} is not installed.\n` +
      "It comes with luakit where npm installs optional dependencies, on a system that luakit is made for.\n",
  );
  return process.exit(1);
}

const child = spawn(findExecutable(), process.argv.slice(2), { stdio: "inherit" });
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
// A signal of the terminal reaches both processes, one that was sent to this one only reaches luakit from here.
for (const signal of signals) process.on(signal, () => process.stdin.isTTY && signal === "SIGINT" ? undefined : child.kill(signal));
child.on("error", (error) => {
  process.stderr.write(`luakit: ${error.message}\n`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
