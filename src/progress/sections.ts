import { withoutCommands } from "./harmless.ts";

/** How the output of one vertex is set apart from that of the next; every method gives whole lines. */
export interface Sections {
  open(number: number, name: string): string[];
  /** The vertex still runs, but another one has its turn. */
  leave(number: number): string[];
  close(number: number, result: string): string[];
  /** A vertex that has nothing to say but how it ended. */
  single(number: number, name: string, result: string): string[];
  /** A line of others' words, so that it is taken for nothing else. */
  text(line: string): string;
}

/** As BuildKit's own plain progress has it. */
export const numberedSections: Sections = {
  open: (number, name) => ["", `#${number} ${name}`],
  leave: (number) => [`#${number} ...`],
  close: (number, result) => [`#${number} ${result}`],
  single: (number, name, result) => ["", `#${number} ${name}`, `#${number} ${result}`],
  text: (line) => line,
};

/** With the marks by which GitHub Actions folds lines; errors stay outside, so that they are seen. */
export const foldedSections: Sections = {
  open: (number, name) => [`::group::#${number} ${name.replaceAll("%", "%25")}`],
  leave: () => ["::endgroup::"],
  close: (number, result) => {
    const line = withoutCommands(`#${number} ${result}`);
    return result.startsWith("ERROR") ? ["::endgroup::", line] : [line, "::endgroup::"];
  },
  single: (number, name, result) => [`#${number} ${name}`, withoutCommands(`#${number} ${result}`)],
  text: withoutCommands,
};
