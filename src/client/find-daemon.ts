import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { describeSystemError, errorCode, isGone } from "../diagnostic/system-error.ts";
import { socketDenied } from "../rpc/unreachable.ts";
import { dockerDaemon } from "./builder-node.ts";
import { type Builder, buildxDirectory, currentBuilder, listBuilders, readBuilder } from "./buildx-store.ts";
import { type AskPlatforms, chooseNode } from "./choose-node.ts";
import type { Daemon } from "./daemon.ts";
import type { DaemonSearch } from "./daemon-search.ts";
import { currentDockerEndpoint, findDockerEndpoint } from "./docker-context.ts";
import type { HostEnvironment } from "./host-environment.ts";
import { findPrivateProgram, type PrivateProgram } from "./private-daemon.ts";

/** One place where a daemon may be: a daemon to connect to, one to start, or why there can be none. */
export interface Place {
  /** What it is, for people. */
  readonly source: string;
  /** `chosen`: the user named it to luakit, so no other is tried. `configured`: the user named it to docker. */
  readonly by: "chosen" | "configured" | "default";
  readonly found: Daemon | PrivateProgram | LuakitError;
}

/**
 * Where a daemon may be when no address names it, in the order of the search: the current buildx builder, the rootless
 * and the root socket, the Docker Engine, a private buildkitd.
 */
export async function* findPlaces(
  search: DaemonSearch,
  host: HostEnvironment,
  ask: AskPlatforms,
): AsyncGenerator<Place> {
  if (search.daemonless === true) return yield privatePlace(host, "chosen");
  const builder = search.builder ?? (host.variables.BUILDX_BUILDER || undefined);
  if (builder !== undefined) return yield await builderPlace(builder, search, host, ask);
  const current = await currentBuilderPlace(search, host, ask);
  if (current !== undefined) yield current;
  for (const path of socketPaths(host)) yield socketPlace(path);
  yield await enginePlace(host);
  yield privatePlace(host, "default");
}

/** The builder that `--builder` or BUILDX_BUILDER names; every docker context is one too. */
async function builderPlace(
  name: string,
  search: DaemonSearch,
  host: HostEnvironment,
  ask: AskPlatforms,
): Promise<Place> {
  const source = `the buildx builder "${name}"`;
  const found = await attempt(async () => {
    const builder = readBuilder(buildxDirectory(host), name);
    if (builder !== undefined) return chooseNode(builder, search.platform, host, ask);
    const endpoint = findDockerEndpoint(host, name, source);
    if (endpoint !== undefined) return dockerDaemon(endpoint);
    throw unknownBuilder(name, host);
  });
  return { source, by: "chosen", found };
}

/** The builder of buildx that is chosen, or the current one, as it is stored. One that cannot be read counts as none. */
export async function storedBuilder(search: DaemonSearch, host: HostEnvironment): Promise<Builder | undefined> {
  const name = search.builder ?? (host.variables.BUILDX_BUILDER || undefined);
  const builder = await attempt(() =>
    name === undefined ? findCurrentBuilder(host) : readBuilder(buildxDirectory(host), name),
  );
  return builder instanceof LuakitError ? undefined : builder;
}

async function findCurrentBuilder(host: HostEnvironment): Promise<Builder | undefined> {
  const endpoint = await attempt(() => currentDockerEndpoint(host));
  // The engine's own place tells what is wrong with it.
  if (endpoint instanceof LuakitError) return undefined;
  const key = endpoint.context === "default" ? endpoint.host : endpoint.context;
  return currentBuilder(buildxDirectory(host), key);
}

async function currentBuilderPlace(
  search: DaemonSearch,
  host: HostEnvironment,
  ask: AskPlatforms,
): Promise<Place | undefined> {
  const builder = await attempt(() => findCurrentBuilder(host));
  if (builder === undefined) return undefined;
  if (builder instanceof LuakitError) return { source: "the current buildx builder", by: "configured", found: builder };
  const found = await attempt(() => chooseNode(builder, search.platform, host, ask));
  return { source: `the buildx builder "${builder.name}"`, by: "configured", found };
}

/** A rootless daemon's socket, then that of root's. */
function socketPaths({ variables, system }: HostEnvironment): readonly string[] {
  const runtime = variables.XDG_RUNTIME_DIR?.split(":", 1)[0];
  const root = system === "linux" ? "/run" : "/var/run";
  return [...(runtime ? [runtime] : []), root].map((directory) => join(directory, "buildkit/buildkitd.sock"));
}

function socketPlace(path: string): Place {
  const source = `unix://${path}`;
  const daemon = { address: { scheme: "unix" as const, path }, source: "the default socket" };
  return { source, by: "default", found: socketFault(path) ?? daemon };
}

async function enginePlace(host: HostEnvironment): Promise<Place> {
  const endpoint = await attempt(() => currentDockerEndpoint(host));
  if (endpoint instanceof LuakitError) return { source: "the Docker Engine", by: "configured", found: endpoint };
  const { source, host: address } = endpoint;
  const by = source === "the Docker Engine" ? "default" : "configured";
  const fault = address.startsWith("unix://") ? socketFault(address.slice("unix://".length)) : undefined;
  const found = fault ?? (await attempt(() => dockerDaemon(endpoint)));
  return { source: `the Docker Engine at ${address}`, by, found };
}

/** Why a socket cannot be connected to, as far as it can be seen without trying. */
function socketFault(path: string): LuakitError | undefined {
  try {
    accessSync(path, constants.W_OK);
    return undefined;
  } catch (error) {
    if (isGone(error)) return nothing("there is no such socket");
    // Where several places were tried only messages are told, so what to do about it is in this one.
    const isDenied = ["EACCES", "EPERM"].includes(errorCode(error));
    return nothing(isDenied ? `permission denied: ${socketDenied}` : describeSystemError(error));
  }
}

function privatePlace(host: HostEnvironment, by: Place["by"]): Place {
  const program = findPrivateProgram(host);
  const found = typeof program === "string" ? nothing(program) : program;
  return { source: "a private buildkitd", by, found };
}

function unknownBuilder(name: string, host: HostEnvironment): LuakitError {
  const known = listBuilders(buildxDirectory(host));
  const hint = known.length === 0 ? "docker buildx ls" : `there are: ${known.join(", ")}`;
  return new LuakitError("usage", `there is no buildx builder "${name}"${didYouMean(name, known)}`, { hint });
}

function nothing(reason: string): LuakitError {
  return new LuakitError("daemon.unreachable", reason);
}

/** What goes wrong with one place is told when all were tried. */
async function attempt<T>(find: () => T | Promise<T>): Promise<T | LuakitError> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof LuakitError) return error;
    throw error;
  }
}
