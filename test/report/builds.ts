import type { StatusResponse } from "../../src/gen/control.ts";
import { Collector } from "../../src/report/collector.ts";
import type { FinishedBuild } from "../../src/report/make-report.ts";
import { at } from "../progress/messages.ts";

/** The clock of made-up messages, in milliseconds since 1970. */
export const origin = at(0).seconds * 1000;

export function finished(rest: Partial<FinishedBuild> = {}): FinishedBuild {
  const nothing = { facts: [], definitions: [], secrets: [], sent: new Map<string, number>() };
  return { title: "build.lua", result: "done", began: origin, ended: origin + 10_000, ...nothing, ...rest };
}

export function collect(...messages: readonly StatusResponse[]): Collector {
  const collector = new Collector();
  for (const message of messages) collector.take(message);
  return collector;
}
