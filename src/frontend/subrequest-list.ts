import { alignCells } from "../script/print-outline.ts";

interface Subrequest {
  readonly name: string;
  readonly description: string;
  readonly options: readonly Named[];
  readonly metadata: readonly string[];
}

interface Named {
  readonly name: string;
  readonly description: string;
}

const version = "1.0.0";
const results = ["result.json", "result.txt"];

/** What can be asked about a script. */
export const subrequests = {
  outline: {
    name: "frontend.outline",
    description: "List all parameters current build target supports",
    options: [{ name: "target", description: "Target to outline" }],
    metadata: results,
  },
  targets: {
    name: "frontend.targets",
    description: "List all targets current build supports",
    options: [],
    metadata: results,
  },
  lint: {
    name: "frontend.lint",
    description: "Check a build script",
    options: [{ name: "target", description: "Target to check, by default all" }],
    metadata: [...results, "result.statuscode"],
  },
  describe: {
    name: "frontend.subrequests.describe",
    description: "List available subrequest types",
    options: [],
    metadata: results,
  },
} as const satisfies Record<string, Subrequest>;

/** The answer to `frontend.subrequests.describe`. */
export function describeSubrequests(): readonly object[] {
  return Object.values(subrequests).map(({ name, description, options, metadata }) => ({
    name,
    version,
    type: "rpc",
    description,
    opts: options,
    inputs: null,
    metadata: metadata.map((key) => ({ name: key, description: "" })),
    refs: null,
  }));
}

/** The same as clients of the daemon print it. */
export function printSubrequests(): string {
  const rows = Object.values(subrequests).map(({ name, description }) => [
    name.replace(/^frontend\./, ""),
    version,
    description,
  ]);
  return alignCells([["NAME", "VERSION", "DESCRIPTION"], ...rows], 1);
}
