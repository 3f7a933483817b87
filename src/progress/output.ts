/** Where progress is written, and what it looks like there. */
export interface ProgressOutput {
  /** Takes the text at once; what the reader is not ready for waits. */
  write(text: string): void;
  columns(): number;
  rows(): number;
  readonly isTerminal: boolean;
  /** True where colours belong; NO_COLOR is looked at besides. */
  readonly color: boolean;
  /** False while earlier text waits for its reader: frames are left out until it is gone. */
  ready?(): boolean;
  /** Settles when nothing waits; undefined when nothing does. */
  drained?(): Promise<void> | undefined;
  /** Waits for the reader, at most `milliseconds` of standstill; what then still waits is dropped. */
  flush?(milliseconds: number): void;
}

/** Variables of the environment; progress reads NO_COLOR, BUILDKIT_COLORS, GITHUB_ACTIONS and the like. */
export type Variables = Readonly<Record<string, string | undefined>>;
