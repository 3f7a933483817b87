import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { BuildRequest } from "../client/build-request.ts";
import type { Connection } from "../client/connect.ts";
import type { DaemonTraits } from "../client/daemon-traits.ts";
import { statOf } from "../client/path-stat.ts";
import { expectReportFile, writeReportFile } from "../client/result-files.ts";
import { LuakitError, type Position } from "../diagnostic/luakit-error.ts";
import { describeSystemError } from "../diagnostic/system-error.ts";
import type { StatusResponse } from "../gen/control.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import { formatPlatform } from "../oci/platform.ts";
import { steadyNow } from "../progress/steady-now.ts";
import { Collector } from "../report/collector.ts";
import { type Excerpt, excerptAt, type ReportDefinition } from "../report/definition-facts.ts";
import { makeReport } from "../report/make-report.ts";
import { renderReport } from "../report/render-report.ts";
import type { BuildResult, Fact, ReportError } from "../report/report-data.ts";
import type { VertexPlaces } from "../script/vertex-places.ts";
import { describeBuilt } from "./built.ts";
import { luakitVersion } from "./luakit-version.ts";
import type { BuildInput } from "./read-build.ts";

/** A daemon that builds, or one of several. */
export interface BuildingDaemon {
  readonly connection: Connection;
  /** What it was asked to solve, by the end of the build. */
  readonly places: VertexPlaces;
  /** Where there are several. */
  readonly label?: string | undefined;
  readonly traits?: DaemonTraits | undefined;
}

/** How a build ended. */
export interface BuildEnd {
  readonly result: BuildResult;
  readonly error?: unknown;
  /** What the exporters said. */
  readonly response?: Readonly<Record<string, string>>;
}

/** The page of `--report`: collects while the build runs, and is written at its end. */
export class BuildReport {
  readonly #what: BuildInput;
  readonly #request: BuildRequest;
  readonly #cwd: string;
  readonly #began = steadyNow();
  readonly #collector = new Collector();
  readonly #daemons = new Map<string, BuildingDaemon>();

  /** Throws "file.write" when the file cannot be written. */
  constructor(what: BuildInput, request: BuildRequest, cwd: string) {
    expectReportFile(request.files);
    this.#what = what;
    this.#request = request;
    this.#cwd = cwd;
  }

  take(status: StatusResponse): void {
    this.#collector.take(status);
  }

  connected(daemon: BuildingDaemon): void {
    this.#daemons.set(daemon.label ?? "", daemon);
  }

  /** Writes the page, at once; gives what kept it from that: the build is over, and its report must not change how it ended. */
  end(end: BuildEnd): LuakitError | undefined {
    try {
      writeReportFile(this.#request.files, this.#render(end));
      return undefined;
    } catch (error) {
      if (error instanceof LuakitError) return error;
      return new LuakitError("file.write", `the report was not written: ${describeSystemError(error)}`, {
        cause: error,
      });
    }
  }

  #render({ result, error, response = {} }: BuildEnd): string {
    const request = this.#request;
    return renderReport(
      makeReport(this.#collector, {
        title: this.#what.kind === "script" ? basename(this.#what.script.name) : "Definition",
        result,
        error: result === "failed" ? describeError(error) : undefined,
        facts: [...this.#whatWasBuilt(response), ...this.#daemonFacts(), ["written by", [`luakit ${luakitVersion()}`]]],
        began: this.#began,
        ended: steadyNow(),
        definitions: this.#definitions(),
        sent: result === "done" ? sentBytes(request) : new Map(),
        secrets: request.secrets.flatMap(secretValue),
      }),
    );
  }

  #whatWasBuilt(response: Readonly<Record<string, string>>): Fact[] {
    const solved = [...this.#daemons.values()].flatMap(({ places }) => places.solved);
    const targets = new Set(solved.flatMap(({ target }) => target ?? []));
    const platforms = new Set(
      solved.flatMap(({ platform }) => (platform === undefined ? [] : formatPlatform(platform))),
    );
    const built = Map.groupBy(describeBuilt(this.#request, response, this.#cwd), ([label]) => label);
    const facts: Fact[] = [
      [
        this.#what.kind === "script" ? "script" : "built from",
        [this.#what.kind === "script" ? this.#what.script.name : "a Definition"],
      ],
      ["target", [...targets]],
      ["platform", [...platforms].sort()],
      ...[...built].map(([label, values]): Fact => [label, values.map(([, value]) => value)]),
    ];
    return facts.filter(([, values]) => values.length > 0);
  }

  #daemonFacts(): Fact[] {
    const daemons = [...this.#daemons.values()];
    if (daemons.length === 0) return [];
    const workers = daemons.flatMap(({ traits }) => (traits === undefined ? [] : [describeTraits(traits)]));
    const names = daemons.map(({ connection, label }) => [label, connection.description].filter(Boolean).join(": "));
    return [["daemon", names], ...(workers.length === 0 ? [] : [["worker", [...new Set(workers)]] satisfies Fact])];
  }

  #definitions(): ReportDefinition[] {
    if (this.#what.kind === "definition") return [{ bytes: this.#what.bytes }];
    const daemons = [...this.#daemons.values()];
    const solved = daemons.flatMap(({ places, label }) => places.solved.map((each) => ({ ...each, label })));
    const severalTargets = new Set(solved.map(({ target }) => target)).size > 1;
    return solved.map(({ definition, target, platform, label }) => {
      const own = platform === undefined ? undefined : formatPlatform(platform);
      const name = [severalTargets ? target : undefined, own].filter(Boolean).join(" ");
      return { bytes: encodeDefinition(definition), name, label };
    });
  }
}

function describeTraits({ kind, version, platform, worker }: DaemonTraits): string {
  const parts = [
    kind === "docker" ? "Docker Engine" : "BuildKit",
    version === undefined ? undefined : `v${version.join(".")}`,
    platform === undefined ? undefined : formatPlatform(platform),
    worker,
  ];
  return parts.filter((part) => part !== undefined).join(" · ");
}

/** The hint of the error as it was thrown; what the terminal adds holds the command line. */
function describeError(error: unknown): ReportError {
  if (!(error instanceof LuakitError)) return { message: String(error), excerpts: [] };
  const { message, hint, position, callers } = error;
  const excerpts = [position, ...callers].flatMap((place) => (place === undefined ? [] : [excerptOf(place)]));
  return { message, hint, excerpts };
}

function excerptOf({ file, line, source = "" }: Position): Excerpt {
  return excerptAt({ file, line }, source.split("\n"));
}

const exporterVertices = {
  tar: "exporting to client tarball",
  oci: "exporting to oci image format",
  docker: "exporting to docker image format",
} as const;

/** How long the archives are that came here, of which the daemon does not tell; of several of a kind it is not known whose. */
function sentBytes({ outputs }: BuildRequest): ReadonlyMap<string, number> {
  const sizes = Object.entries(exporterVertices).flatMap(([type, vertex]) => {
    const [only, ...others] = outputs.filter((output) => output.type === type);
    if (only?.destination.kind !== "file" || others.length > 0) return [];
    const size = statOf(only.destination.path)?.size;
    return size === undefined ? [] : [[vertex, size] as const];
  });
  return new Map(sizes);
}

/** The value of a secret, to take it out of what steps wrote; pipes cannot be read again. */
function secretValue(source: BuildRequest["secrets"][number]): string[] {
  if ("env" in source) return [source.variables[source.env] ?? ""];
  if ("value" in source)
    return typeof source.value === "string" ? [source.value] : [new TextDecoder().decode(source.value)];
  try {
    return statOf(source.path)?.isFile() ? [readFileSync(source.path, "utf8")] : [];
  } catch {
    // A file that is gone cannot be masked.
    return [];
  }
}
