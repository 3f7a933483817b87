import { LLBBridge, type ReturnRequest } from "../../src/gen/gateway.ts";
import type { ByteSink, ByteStream } from "../../src/h2/byte-stream.ts";
import { serve, unary } from "../../src/rpc/server.ts";
import { executable } from "./executable.ts";

export interface FrontendOptions {
  /** What is run instead of the executable. */
  readonly program?: readonly string[];
  /** `build.lua` as the daemon gives it; a function is called when it is asked for, and may never answer. */
  readonly script?: string | (() => Promise<string>);
  readonly options?: readonly string[];
  /** Beside the session and the workers; undefined leaves one out. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** A frontend outside of any container. */
export interface FrontendProcess {
  readonly pid: number;
  /** What it returned to its daemon. */
  readonly returned: readonly ReturnRequest[];
  /** Resolves with how it ended. */
  readonly ended: Promise<{ readonly exitCode: number; readonly stderr: string }>;
  /** Nothing more comes from its daemon. */
  closeStdin(): void;
  write(bytes: Uint8Array): void;
}

/** Starts the executable as BuildKit does, with a daemon of a few answers, or with `silent` one that never answers. */
export function startFrontend(
  options: FrontendOptions = {},
  daemon: "answers" | "silent" = "answers",
): FrontendProcess {
  const child = Bun.spawn([...(options.program ?? [executable])], {
    env: definedOnly({
      BUILDKIT_SESSION_ID: "session",
      BUILDKIT_WORKERS: '[{"platforms":[{"os":"linux","architecture":"amd64"}]}]',
      ...Object.fromEntries((options.options ?? []).map((option, at) => [`BUILDKIT_FRONTEND_OPT_${at}`, option])),
      ...options.variables,
    }),
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  const returned: ReturnRequest[] = [];
  if (daemon === "answers") serve(new ChildStream(child), [bridge(options.script ?? "", returned)]);
  const ended = Promise.all([child.exited, new Response(child.stderr).text()]);
  return {
    pid: child.pid,
    returned,
    ended: ended.then(([exitCode, stderr]) => ({ exitCode, stderr })),
    closeStdin: () => void child.stdin.end(),
    write(bytes) {
      child.stdin.write(bytes);
      child.stdin.flush();
    },
  };
}

function definedOnly(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function bridge(script: NonNullable<FrontendOptions["script"]>, returned: ReturnRequest[]) {
  return [
    unary(LLBBridge.Ping, () => ({ Workers: [{ platforms: [{ OS: "linux", Architecture: "amd64" }] }] })),
    unary(LLBBridge.Inputs, () => ({})),
    unary(LLBBridge.Solve, () => ({ result: { ref: { id: "files" } } })),
    unary(LLBBridge.StatFile, () => ({ stat: { path: "build.lua", mode: 0o644 } })),
    unary(LLBBridge.ReadDir, () => ({ entries: [] })),
    unary(LLBBridge.ReadFile, async () => {
      const text = typeof script === "string" ? script : await script();
      return { Data: new TextEncoder().encode(text) };
    }),
    unary(LLBBridge.Return, (request) => {
      returned.push(request);
      return {};
    }),
  ];
}

/** The daemon's end of a child's stdin and stdout. */
class ChildStream implements ByteStream {
  readonly #child: Bun.Subprocess<"pipe", "pipe", "pipe">;

  constructor(child: Bun.Subprocess<"pipe", "pipe", "pipe">) {
    this.#child = child;
  }

  start(sink: ByteSink): void {
    const read = async () => {
      for await (const bytes of this.#child.stdout) sink.data(bytes);
      sink.end();
      sink.close();
    };
    read();
  }

  write(bytes: Uint8Array): boolean {
    this.#child.stdin.write(Uint8Array.from(bytes));
    this.#child.stdin.flush();
    return true;
  }

  pause(): void {}
  resume(): void {}
  end(): void {}
  destroy(): void {}
}
