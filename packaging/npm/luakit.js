#!/usr/bin/env node
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { isatty } = require("node:tty");

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
// A terminal interrupts both processes, and luakit takes a second interrupt for impatience.
const signals = [0, 1, 2].some(isatty) ? ["SIGTERM", "SIGHUP"] : ["SIGINT", "SIGTERM", "SIGHUP"];
for (const signal of signals) process.on(signal, () => child.kill(signal));
if (!signals.includes("SIGINT")) process.on("SIGINT", () => {});
child.on("error", (error) => {
  process.stderr.write(`luakit: ${error.message}\n`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
