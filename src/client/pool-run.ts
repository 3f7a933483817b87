import { LuakitError } from "../diagnostic/luakit-error.ts";
import { progressPart } from "../progress/part.ts";
import type { Progress } from "../progress/progress.ts";
import type { BuildFunction } from "./build.ts";
import type { BuildRequest } from "./build-request.ts";
import type { PoolNode } from "./builder-pool.ts";
import type { DaemonTraits } from "./daemon-traits.ts";
import { onNode } from "./node-error.ts";
import { type RunOptions, runRequest } from "./run-request.ts";

/** One node's part of a build. */
export interface PoolTask extends Pick<RunOptions, "warn" | "locate"> {
  readonly node: PoolNode;
  readonly request: BuildRequest;
  readonly traits: DaemonTraits;
  readonly run: BuildFunction;
}

export interface PoolOptions extends Pick<RunOptions, "host" | "signal" | "lastCall"> {
  readonly progress: Progress;
  /** Names the build at every daemon. */
  readonly ref: string;
}

/**
 * Runs all parts at the same time and gives what each said, in their order. The first one that fails ends the others, and
 * its error is that of the build; what nodes send counts only when all have succeeded.
 */
export async function runPool(
  tasks: readonly PoolTask[],
  { host, signal, lastCall, progress, ref }: PoolOptions,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const stop = new AbortController();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure ??= { error };
    stop.abort(new LuakitError("rpc.cancelled", "another node has failed"));
    failed.reject(error);
  };
  const done = Promise.withResolvers<void>();
  let open = tasks.length;
  const settled = () => {
    open--;
    if (open === 0) done.resolve();
    return Promise.race([done.promise, failed.promise]);
  };
  const both = AbortSignal.any([signal, stop.signal]);
  const onInterrupt = () => failed.reject(signal.reason);
  signal.addEventListener("abort", onInterrupt);
  const runs = tasks.map(async ({ node, request, traits, run, warn, locate }) => {
    const common = { host, lastCall, ref, warn, locate, settled, signal: both };
    const part = {
      progress: progressPart(node.label, progress),
      traits: Promise.resolve(traits),
      run: async () => run,
    };
    try {
      return await runRequest(node.connection, request, { ...common, ...part });
    } catch (error) {
      const named = onNode(error, node.node);
      fail(named);
      throw named;
    }
  });
  const results = await Promise.allSettled(runs);
  signal.removeEventListener("abort", onInterrupt);
  if (failure !== undefined) throw failure.error;
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}
