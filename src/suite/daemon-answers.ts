import { LuakitError } from "../diagnostic/luakit-error.ts";
import { VertexPlaces } from "../script/vertex-places.ts";
import { HeldBuild, type HeldBuildOptions } from "./held-build.ts";
import { toErrorData } from "./message.ts";
import type { Answer, Question } from "./question.ts";
import type { Answerer } from "./run-suite.ts";

/** Answers the tests of one worker from a daemon. */
export class DaemonAnswers implements Answerer {
  readonly #options: Omit<HeldBuildOptions, "places">;
  #builds: HeldBuild[] = [];

  constructor(options: Omit<HeldBuildOptions, "places">) {
    this.#options = options;
  }

  /** Never rejects for what a build or the daemon does. */
  async answer(question: Question): Promise<Answer> {
    try {
      return await this.#ask(question);
    } catch (error) {
      const { message } = error instanceof Error ? error : { message: String(error) };
      const failure = error instanceof LuakitError ? error : new LuakitError("rpc.unknown", message);
      return { kind: "failed", error: toErrorData(failure) };
    }
  }

  close(): void {
    for (const build of this.#builds) build.release();
    this.#builds = [];
  }

  async #ask(question: Question): Promise<Answer> {
    switch (question.kind) {
      case "solve": {
        const build = await HeldBuild.open(question.request, { ...this.#options, places: new VertexPlaces() });
        return { kind: "solved", solved: this.#builds.push(build), config: build.config };
      }
      case "read":
        return { kind: "read", data: await this.#build(question.solved).read(question.path) };
      case "stat":
        return { kind: "stat", stat: await this.#build(question.solved).stat(question.path) };
      case "list":
        return { kind: "list", entries: await this.#build(question.solved).list(question.path) };
      case "run":
        return { kind: "run", outcome: await this.#build(question.solved).run(question.request) };
      case "release":
        this.close();
        return { kind: "released" };
    }
  }

  #build(number: number): HeldBuild {
    const build = this.#builds[number - 1];
    if (build !== undefined) return build;
    throw new LuakitError("test.failed", "what was built is gone: it lives as long as the test that built it");
  }
}
