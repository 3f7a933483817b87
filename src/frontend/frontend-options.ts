/** What a client asks of the frontend: gateway.md §6. What is not known is left alone, as the Dockerfile frontend does. */
export interface FrontendOptions {
  /** Path of the script among the build files. */
  readonly filename: string;
  readonly target: string | undefined;
  readonly buildArguments: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
}

const defaultScript = "build.lua";

/** Reads `BUILDKIT_FRONTEND_OPT_*`. Throws for what is known and wrong. */
export function readFrontendOptions(options: ReadonlyMap<string, string>): FrontendOptions {
  return {
    filename: options.get("filename") || defaultScript,
    target: options.get("target") || undefined,
    buildArguments: withPrefix(options, "build-arg:"),
    labels: withPrefix(options, "label:"),
  };
}

function withPrefix(options: ReadonlyMap<string, string>, prefix: string): ReadonlyMap<string, string> {
  const found = [...options].filter(([name]) => name.startsWith(prefix));
  return new Map(found.map(([name, value]) => [name.slice(prefix.length), value]));
}
