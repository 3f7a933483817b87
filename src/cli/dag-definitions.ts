import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { cannotRead } from "../diagnostic/system-error.ts";
import type { NamedDefinition } from "../graph/decode-graph.ts";
import { formatPlatform } from "../oci/platform.ts";
import { noBaseImages } from "../script/base-images.ts";
import { defineBuild } from "../script/define-build.ts";
import { evaluatePlatforms } from "../script/evaluate-platforms.ts";
import type { SolveTarget } from "../script/solve.ts";
import { flagValues, type Input } from "./command.ts";
import { evaluateScript, printRemarks } from "./evaluate-script.ts";
import { hostPlatform } from "./host-platform.ts";
import { readPlatforms } from "./platform-flag.ts";
import { readScript } from "./read-script.ts";
import type { Terminal } from "./terminal.ts";

/** What a Definition or a script shows: one result for each target and platform that the command line asks for. */
export async function readDefinitions(input: Input, terminal: Terminal): Promise<NamedDefinition[]> {
  const [operand] = input.positionals;
  if (operand?.endsWith(".pb")) return [{ definition: readDefinition(operand, terminal) }];
  const script = readScript(operand, terminal);
  const platforms = readPlatforms(input);
  const asked = [...new Set(flagValues(input, "target"))];
  const found: SolveTarget[] = [];
  for (const target of asked.length === 0 ? [undefined] : asked) {
    const evaluated = await evaluatePlatforms(platforms, hostPlatform(), (platform) =>
      evaluateScript(input, terminal, script, { platform, target }),
    );
    printRemarks(evaluated, terminal);
    found.push(...evaluated.targets);
  }
  return found.map((each) => ({
    name: found.length === 1 ? undefined : nameOf(each, platforms.length > 1),
    definition: defineBuild(each.target, each.platform, noBaseImages, { sketch: true }),
  }));
}

function nameOf({ target, platform }: SolveTarget, several: boolean): string | undefined {
  const own = several ? platform : target.platform;
  const parts = [target.name, own === undefined ? undefined : formatPlatform(own)];
  return parts.filter((part) => part !== undefined).join(" ") || undefined;
}

function readDefinition(name: string, { cwd }: Terminal): Uint8Array {
  try {
    return readFileSync(resolve(cwd, name));
  } catch (error) {
    throw cannotRead(`"${name}"`, error);
  }
}
