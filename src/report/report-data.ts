import type { Detail, VertexKind } from "../graph/graph.ts";
import type { Excerpt } from "./definition-facts.ts";
import type { LogText } from "./log-text.ts";
import type { Wait } from "./schedule.ts";

/** How a build ended. */
export type BuildResult = "done" | "failed" | "canceled";

/** What was wrong, as the terminal says it. */
export interface ReportError {
  readonly message: string;
  readonly hint?: string | undefined;
  /** The script's line, then the calls that led there. */
  readonly excerpts: readonly Excerpt[];
}

/** A heading and what is under it. */
export type Fact = readonly [label: string, values: readonly string[]];

/** One message of the daemon or of a frontend. */
export interface ReportWarning {
  readonly title: string;
  readonly detail: readonly string[];
  readonly url: string;
  readonly excerpt?: Excerpt | undefined;
  readonly vertex?: number | undefined;
}

export type ReportState = "done" | "cached" | "failed" | "canceled" | "waiting";

/** Bytes that a vertex moved; times are milliseconds since the build began. */
export interface ReportTransfer {
  readonly id: string;
  readonly kind: "context" | "pull" | "push" | "export" | "load" | "other";
  /** 0 also when the daemon does not say it. */
  readonly bytes: number;
  /** 0 when it is not known. */
  readonly total: number;
  readonly start: number;
  readonly end: number;
}

/** A part of a vertex's work that moves nothing. */
export interface ReportPhase {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** One vertex. All times are milliseconds since the build began, all vertices places in the list of them. */
export interface ReportVertex {
  readonly name: string;
  readonly digest: string;
  readonly state: ReportState;
  /** Its place in `ReportData.sections`. */
  readonly section: number;
  /** Its place in `ReportData.groups`. */
  readonly group?: number | undefined;
  readonly intervals: readonly (readonly [start: number, end: number])[];
  /** How long it ran. */
  readonly time: number;
  readonly inputs: readonly number[];
  readonly error?: string | undefined;
  readonly wait?: Wait | undefined;
  readonly transfers: readonly ReportTransfer[];
  readonly phases: readonly ReportPhase[];
  readonly log?: LogText | undefined;
  readonly kind?: VertexKind | undefined;
  /** What each of its inputs is for. */
  readonly roles?: readonly (readonly string[])[] | undefined;
  readonly platform?: string | undefined;
  readonly details?: readonly Detail[] | undefined;
  readonly excerpts?: readonly Excerpt[] | undefined;
}

/** Steps as the terminal counts them: a progress group is one. */
export interface ReportCount {
  readonly steps: number;
  readonly completed: number;
  readonly cached: number;
}

/** Everything that the page shows; it is in the page as JSON. */
export interface ReportData {
  readonly title: string;
  readonly result: BuildResult;
  readonly error?: ReportError | undefined;
  readonly facts: readonly Fact[];
  /** Milliseconds since 1970. */
  readonly began: number;
  /** How long the build took, in milliseconds. */
  readonly time: number;
  readonly count: ReportCount;
  /** Targets, platforms or daemons; one without a name when there is nothing to tell apart. */
  readonly sections: readonly string[];
  /** Names of progress groups. */
  readonly groups: readonly string[];
  readonly vertices: readonly ReportVertex[];
  /** What was built: of several, each has its name. */
  readonly results: readonly { readonly name?: string | undefined; readonly vertex: number }[];
  readonly criticalPath: readonly number[];
  readonly warnings: readonly ReportWarning[];
}
