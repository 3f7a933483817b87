/** What the values of flags may refer to: the caller's directory, variables and stdout. */
export interface FlagContext {
  /** Absolute; relative paths start here. */
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** A pipe is also a file that stdout goes to; `other` is a device that is no terminal. */
  readonly stdout: "terminal" | "pipe" | "other";
}
