/** A script or module as the VM knows it: `name` is its display name, `data` its text. */
export interface ScriptFile {
  readonly name: string;
  readonly data: string;
}

/** A call site; `caller` is the line that called the function which holds it. */
export interface CallPosition {
  readonly source: ScriptFile;
  readonly line: number;
  readonly caller?: CallPosition | undefined;
}
