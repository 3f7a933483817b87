import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Definition } from "../llb/definition.ts";
import { encodeDefinition } from "../llb/encode-definition.ts";
import { checkSize } from "../llb/message-limit.ts";
import type { BaseImages } from "../script/base-images.ts";
import { defineBuild, imageConfigOf } from "../script/define-build.ts";
import { proxySteps } from "../script/proxy-arguments.ts";
import { flagValue, type Input } from "./command.ts";
import { type EvaluatedTarget, evaluateOne, resolveImages } from "./evaluate-script.ts";
import { readScript } from "./read-script.ts";
import { readArguments } from "./script-flags.ts";
import type { Terminal } from "./terminal.ts";
import { isStdout, writeOutput } from "./write-output.ts";

/** Writes the Definition of a script to where the command line says, and gives the exit status. */
export async function emitBuild(input: Input, terminal: Terminal): Promise<number> {
  const file = flagValue(input, "output");
  if (isStdout(file)) refuseTwoOnStdout(input);
  if (isStdout(file) && terminal.outIsTerminal()) throw refuseTerminal(input, terminal);
  const evaluated = await evaluateOne(input, terminal);
  const images = await resolveImages(evaluated, input, terminal);
  const steps = proxySteps(readArguments(input, terminal.variables));
  const definition = defineBuild(evaluated.target, evaluated.platform, images, { steps });
  const bytes = encodeDefinition(definition);
  checkMessage(bytes.length, definition, file, terminal);
  await writeImageConfig(evaluated, images, input, terminal);
  writeOutput(file, bytes, terminal);
  return 0;
}

/** Throws "usage" when the Definition and the image config would be one after the other. */
function refuseTwoOnStdout(input: Input): void {
  if (flagValue(input, "image-config") !== "-") return;
  throw new LuakitError("usage", "the Definition and the image config cannot both go to stdout", {
    hint: "write one of them to a file: -o build.pb, or --image-config image.json",
  });
}

/** Who has no script, or wants to build, is told that first. */
function refuseTerminal(input: Input, terminal: Terminal): LuakitError {
  const [operand] = input.positionals;
  if (operand !== "-") readScript(operand, terminal);
  const script = operand ?? "build.lua";
  const ways = [
    `luakit build --solve --output out ${script}`,
    `luakit build ${script} | buildctl build --local context=.`,
    `luakit build -o build.pb ${script}`,
  ];
  return new LuakitError("usage", "a Definition is binary and stdout is a terminal", {
    hint: `build it, hand it to buildctl, or write it to a file:\n${ways.map((way) => `  ${way}`).join("\n")}`,
  });
}

/** Refuses what no daemon takes; a file may be for other readers, such as luakit dag, so there it is a warning. */
function checkMessage(size: number, definition: Definition, file: string | undefined, terminal: Terminal): void {
  try {
    checkSize(size, definition);
  } catch (error) {
    if (isStdout(file) || !(error instanceof LuakitError)) throw error;
    terminal.error(`warning: ${error.message}\n`);
  }
}

/** Writes the config where the flag says; a script that sets one and finds no taker is told how to keep it. */
async function writeImageConfig(
  { target, platform, script }: EvaluatedTarget,
  images: BaseImages,
  input: Input,
  terminal: Terminal,
): Promise<void> {
  const file = flagValue(input, "image-config");
  if (file !== undefined) {
    const { formatConfig } = await import("../image/config.ts");
    const { epochArgument } = await import("./epoch-argument.ts");
    const config = await imageConfigOf(target, platform, images, epochArgument(input, terminal));
    writeOutput(file, `${formatConfig(config)}\n`, terminal);
  } else if (Object.keys(target.config).length > 0) {
    terminal.error(
      "warning: a Definition cannot carry the image config that the script sets; give it to the exporter:\n" +
        `  buildctl build --output "type=image,name=NAME,$(luakit config --output-attr ${input.positionals[0] ?? script.name})"\n` +
        "  (--image-config FILE writes it, and quiets this warning)\n",
    );
  }
}
