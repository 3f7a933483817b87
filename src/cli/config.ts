import { annotationAttributes } from "../image/annotation.ts";
import { formatConfig } from "../image/config.ts";
import type { State } from "../llb/state.ts";
import type { BaseImage, BaseImages } from "../script/base-images.ts";
import { type Command, isFlagSet } from "./command.ts";
import { epochArgument } from "./epoch-argument.ts";
import { evaluateOne, resolveImages } from "./evaluate-script.ts";
import { settleOperand } from "./operand.ts";
import { printJson } from "./print-json.ts";
import { resolveFlags } from "./resolve-flags.ts";
import { scriptFlags } from "./script-flags.ts";

export const config: Command = {
  name: "config",
  summary: "Print the config of the image that a script describes.",
  operands: "[SCRIPT]",
  maxOperands: 1,
  flags: {
    "output-attr": {
      type: "boolean",
      doc: "print it as the exporter attributes that buildctl --output takes, quoted for it",
    },
    ...resolveFlags,
    ...scriptFlags,
  },
  examples: [
    { command: "luakit config build.lua", doc: "See entrypoint, environment, labels and the rest" },
    {
      command:
        'luakit build build.lua | buildctl build --local context=. --output "type=image,name=app:1,$(luakit config --output-attr build.lua)"',
      doc: "Build an image that has this config",
    },
  ],
  async run(given, terminal) {
    const input = settleOperand(given, terminal);
    const { imageConfigOf } = await import("../script/define-build.ts");
    const evaluated = await evaluateOne(input, terminal);
    const images = await resolveImages(evaluated, input, terminal);
    const image = await imageConfigOf(evaluated.target, evaluated.platform, images, epochArgument(input, terminal));
    if (isFlagSet(input, "output-attr")) {
      const { annotations = new Map() } = evaluated.target.config;
      const base = baseOf(evaluated.target.state, images);
      const attributes = [
        ["containerimage.config", formatConfig(image)] as const,
        ...annotationAttributes(annotations),
        // With it, an exporter that rewrites times leaves the layers of the base image as they are.
        ...(base === undefined ? [] : [["containerimage.base.config", formatConfig(base.config)] as const]),
      ];
      terminal.out(`${attributes.map(([name, value]) => quoteField(`${name}=${value}`)).join(",")}\n`);
    } else terminal.out(printJson(JSON.parse(formatConfig(image))));
    return 0;
  },
};

function baseOf({ base }: State, images: BaseImages): BaseImage | undefined {
  return base === undefined ? undefined : images.get(base);
}

/** One field of the comma separated values that buildctl reads. */
function quoteField(text: string): string {
  return /[",\n\r]/.test(text) || text.startsWith(" ") ? `"${text.replaceAll('"', '""')}"` : text;
}
