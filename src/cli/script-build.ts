import type { BuildFunction } from "../client/build.ts";
import type { BuildRequest } from "../client/build-request.ts";
import type { DaemonTraits } from "../client/daemon-traits.ts";
import { epochName, readEpoch } from "../client/epoch.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import { type EvaluatedPlatforms, evaluatePlatforms } from "../script/evaluate-platforms.ts";
import type { ImagePins } from "../script/image-pins.ts";
import { proxyOptions, proxySteps } from "../script/proxy-arguments.ts";
import { type SolveTarget, solveTargets } from "../script/solve.ts";
import type { VertexPlaces } from "../script/vertex-places.ts";
import type { BuildContexts } from "./build-contexts.ts";
import { type Input, isFlagSet } from "./command.ts";
import { evaluateScript, printRemarks } from "./evaluate-script.ts";
import { resolveModeOf } from "./foresee-script.ts";
import { hostPlatform } from "./host-platform.ts";
import type { ScriptInput } from "./read-script.ts";
import { readArguments } from "./script-flags.ts";
import type { Terminal } from "./terminal.ts";

/** What a script said, and what it is, for one platform of the daemon. */
interface Evaluation {
  readonly daemonPlatform: Platform;
  readonly result: Promise<EvaluatedPlatforms>;
  /** What it wrote, kept until it counts. */
  readonly said: readonly string[];
}

/** A build of a script, with what takes the place of the script's sources. */
export interface ScriptRequest extends BuildRequest {
  readonly contexts?: BuildContexts | undefined;
}

/** What a daemon builds that is one of several. */
export interface ScriptShare {
  /** Of what the script gives, only these. */
  readonly platforms: readonly Platform[];
  readonly pins: ImagePins;
}

/** A script as something that a daemon builds. */
export class ScriptBuild {
  readonly #input: Input;
  readonly #terminal: Terminal;
  readonly #script: ScriptInput;
  readonly #request: ScriptRequest;
  readonly #places: VertexPlaces;
  #early: Evaluation | undefined;

  constructor(input: Input, terminal: Terminal, script: ScriptInput, request: ScriptRequest, places: VertexPlaces) {
    this.#input = input;
    this.#terminal = terminal;
    this.#script = script;
    this.#request = request;
    this.#places = places;
  }

  /** The platforms that the script itself names. Rejects with the script's errors. */
  async platforms(): Promise<readonly Platform[]> {
    this.#early ??= this.#evaluate(hostPlatform());
    const { result, said } = this.#early;
    try {
      return (await result).targets.flatMap(({ target }) => target.platform ?? []);
    } catch (error) {
      for (const text of said) this.#terminal.error(text);
      throw error;
    }
  }

  /** What our frontend does on this daemon. Rejects with the script's errors. */
  async build({ kind, platform = hostPlatform() }: DaemonTraits, share?: ScriptShare): Promise<BuildFunction> {
    const early = this.#early;
    const fits = early !== undefined && formatPlatform(early.daemonPlatform) === formatPlatform(platform);
    const { result, said } = fits ? early : this.#evaluate(platform);
    const evaluated = await result.finally(() => {
      for (const text of said) this.#terminal.error(text);
    });
    printRemarks(evaluated, this.#terminal);
    const targets = share === undefined ? evaluated.targets : evaluated.targets.filter((each) => isFor(each, share));
    const index = targets.length > 1 || share !== undefined;
    const resolveMode = resolveModeOf(this.#request, kind);
    const places = this.#places;
    const built = readArguments(this.#input, this.#terminal.variables);
    const steps = proxySteps(built);
    const resolve = !isFlagSet(this.#input, "no-resolve");
    const frontendOptions = proxyOptions(built);
    const pins = share?.pins;
    const { contexts } = this.#request;
    const namedContexts = contexts && (async () => contexts.named);
    const epoch = readEpoch(this.#request.options.get(`build-arg:${epochName}`));
    const common = { resolveMode, resolve, steps, frontendOptions, namedContexts, epoch };
    const options = { ...this.#request, ...common, places, index, pins };
    return (gateway) => solveTargets(gateway, targets, options);
  }

  #evaluate(daemonPlatform: Platform): Evaluation {
    const said: string[] = [];
    const terminal = { ...this.#terminal, error: (text: string) => void said.push(text) };
    const { platforms, locals } = this.#request;
    const contextRoot = locals.find(({ name }) => name === "context")?.path ?? terminal.cwd;
    const replacements = this.#request.contexts?.replacements;
    const options = { buildPlatform: daemonPlatform, contextRoot, replacements };
    const result = evaluatePlatforms(platforms, daemonPlatform, (platform) =>
      evaluateScript(this.#input, terminal, this.#script, { ...options, platform }),
    );
    return { daemonPlatform, result, said };
  }
}

function isFor({ platform }: SolveTarget, share: ScriptShare): boolean {
  return share.platforms.some((each) => formatPlatform(each) === formatPlatform(platform));
}
