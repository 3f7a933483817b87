import { annotationAttributes } from "../image/annotation.ts";
import { formatConfig } from "../image/config.ts";
import { type Command, isFlagSet } from "./command.ts";
import { evaluateOne, resolveFlags, resolveImages } from "./evaluate-script.ts";
import { settleOperand } from "./operand.ts";
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
    const image = await imageConfigOf(evaluated.target, evaluated.platform, images);
    if (isFlagSet(input, "output-attr")) {
      const { annotations = new Map() } = evaluated.target.config;
      const attributes = [
        ["containerimage.config", formatConfig(image)] as const,
        ...annotationAttributes(annotations),
      ];
      terminal.out(`${attributes.map(([name, value]) => quoteField(`${name}=${value}`)).join(",")}\n`);
    } else terminal.out(`${JSON.stringify(JSON.parse(formatConfig(image)), null, 2)}\n`);
    return 0;
  },
};

/** One field of the comma separated values that buildctl reads. */
function quoteField(text: string): string {
  return /[",\n\r]/.test(text) || text.startsWith(" ") ? `"${text.replaceAll('"', '""')}"` : text;
}
