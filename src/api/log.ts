import { define } from "./define.ts";
import { printable } from "./kinds/printable.ts";
import { filled } from "./kinds/text.ts";

export const bkLog = define({
  name: "bk.log",
  doc: "Writes a line to the log, with the values separated by spaces.",
  params: [{ name: "values", kind: printable, rest: true, doc: "What to write." }],
  example: 'bk.log("the version is", bk.arg("VERSION", "dev"))\nbk.export(bk.scratch())',
  run: (call, values) => call.session.log(values.join(" ")),
});

export const bkWarn = define({
  name: "bk.warn",
  doc: "Adds a warning to the build, with the line that gave it. The build goes on.",
  params: [{ name: "message", kind: filled, doc: "What to warn of." }],
  example: 'bk.warn("DEBUG builds are slow")\nbk.export(bk.scratch())',
  run: (call, message) => call.session.warn(message, call.position()),
});
