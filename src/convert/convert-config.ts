import type { Conversion } from "./conversion.ts";
import { flagOf, type Instruction, refuse } from "./instruction.ts";
import { type Entry, type Lua, list, literal, record, text } from "./lua.ts";
import { pairsOf } from "./pairs.ts";
import { parseJsonList } from "./split-arguments.ts";
import { addConfig, type Stage, setConfig, shellOf } from "./stage.ts";

/** CMD and ENTRYPOINT: a list, or text for the shell that there is now; SHELL that comes later does not count. */
function commandOf(conversion: Conversion, stage: Stage, { isList, words, rest, line }: Instruction): Lua {
  if (isList) return list(words.map(text));
  const shell = shellOf(stage) ?? (conversion.changesShell(line) ? ["/bin/sh", "-c"].map(text) : undefined);
  return shell === undefined ? text(rest) : list([...shell, text(rest)]);
}

export function convertCmd(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  setConfig(stage, "cmd", commandOf(conversion, stage, instruction));
  stage.cmdIsSet = true;
}

/** ENTRYPOINT takes back a CMD of the base. */
export function convertEntrypoint(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  setConfig(stage, "entrypoint", commandOf(conversion, stage, instruction));
  if (!stage.cmdIsSet) stage.config.delete("cmd");
}

export function convertLabel(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  const entries = pairsOf(instruction).map(({ key, value }): Entry => {
    const name = conversion.word(stage, instruction, key);
    return { key: name.constant ?? name.lua, value: conversion.lua(stage, instruction, value) };
  });
  addConfig(
    stage,
    "labels",
    entries.filter(({ key }, at) => !entries.slice(at + 1).some((other) => other.key === key)),
  );
}

export function convertExpose(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  const ports = instruction.words.flatMap((word) => {
    const { lua, constant } = conversion.word(stage, instruction, word);
    if (constant === undefined) return [lua];
    return constant
      .split(/\s+/)
      .filter((port) => port !== "")
      .map(portOf);
  });
  addItems(stage, "expose", ports);
}

/** Ports of the host mean nothing in an image. */
function portOf(word: string): Lua {
  const port = word
    .slice(word.lastIndexOf(":") + 1)
    .replace(/\/$/, "")
    .toLowerCase();
  if (!/^\d+(?:-\d+)?(?:\/(?:tcp|udp|sctp))?$/.test(port)) throw refuse(`EXPOSE: "${word}" is not a port`);
  return /^[1-9]\d*$/.test(port) ? literal(Number(port)) : text(port);
}

export function convertVolume(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  const volumes = instruction.words.flatMap((word) => {
    const { lua, constant } = conversion.word(stage, instruction, word.trim());
    if (constant === "") throw refuse("VOLUME: a path is empty");
    if (constant === undefined || constant.startsWith("/")) return [lua];
    conversion.warn(stage, instruction, `"${constant}" is not an absolute path`);
    return [];
  });
  if (volumes.length > 0) addItems(stage, "volumes", volumes);
}

/** Adds what a list does not have yet. */
function addItems(stage: Stage, key: string, items: readonly Lua[]): void {
  const before = stage.config.get(key)?.value;
  const seen = new Set((before?.type === "table" ? before.entries : []).map(({ value }) => JSON.stringify(value)));
  const fresh = items.filter((item) => !seen.has(JSON.stringify(item)) && seen.add(JSON.stringify(item)));
  addConfig(
    stage,
    key,
    fresh.map((value) => ({ value })),
  );
}

export function convertStopSignal(conversion: Conversion, stage: Stage, instruction: Instruction): void {
  setConfig(stage, "stop_signal", conversion.lua(stage, instruction, instruction.rest));
}

export function convertMaintainer(_: Conversion, stage: Stage, { rest }: Instruction): void {
  setConfig(stage, "author", text(rest));
}

export function convertHealthcheck(_: Conversion, stage: Stage, instruction: Instruction): void {
  const [, type = "", command = ""] = /^(\S+)\s*([\s\S]*)$/.exec(instruction.rest) ?? [];
  if (type.toUpperCase() === "NONE") {
    if (command !== "") throw refuse("HEALTHCHECK NONE takes no arguments");
    setConfig(stage, "healthcheck", record({ disable: literal(true) }));
    return;
  }
  if (type.toUpperCase() !== "CMD") throw refuse(`HEALTHCHECK: unknown type "${type}"`, "write HEALTHCHECK CMD …");
  const words = parseJsonList(command);
  if (command === "" || words?.length === 0) throw refuse("HEALTHCHECK CMD needs a command");
  const retries = flagOf(instruction, "retries");
  const value = record({
    test: words === undefined ? text(command) : list(["CMD", ...words].map(text)),
    interval: durationOf(instruction, "interval"),
    timeout: durationOf(instruction, "timeout"),
    start_period: durationOf(instruction, "start-period"),
    start_interval: durationOf(instruction, "start-interval"),
    retries: retries === undefined || retries === "" ? undefined : literal(countOf(retries)),
  });
  setConfig(stage, "healthcheck", value);
}

function countOf(retries: string): number {
  if (/^\+?\d+$/.test(retries)) return Number(retries);
  throw refuse(`HEALTHCHECK: --retries is a number, not "${retries}"`);
}

function durationOf(instruction: Instruction, flag: string): Lua | undefined {
  const duration = flagOf(instruction, flag);
  if (duration === undefined || duration === "") return undefined;
  if (duration === "0" || /^\+?(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/.test(duration)) return text(duration);
  throw refuse(`HEALTHCHECK: "${duration}" is not a duration`, `write --${flag}=30s`);
}

/** ONBUILD: kept in the image, and done in stages on this one. */
export function convertOnbuild(trigger: Instruction, expression: string, stage: Stage): void {
  if (["ONBUILD", "FROM", "MAINTAINER"].includes(trigger.keyword))
    throw refuse(`ONBUILD ${trigger.keyword} is not allowed`);
  addConfig(stage, "onbuild", [{ value: text(expression) }]);
  stage.triggers.push(trigger);
}
