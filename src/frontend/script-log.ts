import type { Gateway } from "../gateway/gateway.ts";
import { stripControls } from "../progress/harmless.ts";

/** More lines than these are only counted. */
const mostLines = 200;
const longestLine = 1000;

/** What a script prints, as lines of the build's progress: a frontend has no other way to its user. */
export class ScriptLog {
  readonly #gateway: Gateway;
  readonly #script: string;
  readonly #shown = new Set<string>();
  #count = 0;

  constructor(gateway: Gateway, script: string) {
    this.#gateway = gateway;
    this.#script = script;
  }

  /** Shows what one run of the script printed, without what other runs of it, for other platforms, printed before. */
  async show(printed: readonly string[]): Promise<void> {
    const lines = printed.flatMap((text) => text.split("\n")).filter((line) => line.trim() !== "");
    const news = lines.filter((line) => !this.#shown.has(line));
    for (const line of news) this.#shown.add(line);
    if (news.length === 0 || !(await this.#gateway.ping()).gatewayCaps.has("source.metaresolver")) return;
    for (const line of news.slice(0, mostLines)) await this.#note(stripControls(line).trimEnd().slice(0, longestLine));
    if (news.length > mostLines) await this.#note(`… and ${news.length - mostLines} more lines`);
  }

  async #note(line: string): Promise<void> {
    this.#count++;
    const id = `${this.#script}:line:${this.#count}`;
    // No build fails because nobody can see what its script says.
    await this.#gateway.note(`[${this.#script}] ${line}`, id).catch(() => undefined);
  }
}
