import type { Conversion } from "./conversion.ts";
import { call, code, type Entry, type Lua, literal, record, text } from "./lua.ts";
import { printComments, printLua } from "./print-lua.ts";
import type { Stage, Statement } from "./stage.ts";

/** The whole script: arguments, stages, results. */
export function printScript(
  conversion: Conversion,
  header: readonly string[],
  globals: readonly Statement[],
  comments: readonly string[],
): string {
  const { context, stages } = conversion;
  const top = context === undefined ? [] : [`local ${context} = bk.local_("context")`];
  const blocks = [
    printComments(header, "").join("\n"),
    top.join("\n"),
    globals.flatMap(printStatement).join("\n"),
    ...stages.map(printStage),
    ...printResults(stages),
    printComments(comments, "").join("\n"),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function printStatement({ comments, name, value }: Statement): readonly string[] {
  const head = `local ${name} = `;
  return [...printComments(comments, ""), `${head}${printLua(value, "", head.length)}`];
}

function printStage(stage: Stage): string {
  const lines = [...printComments(stage.comments, ""), ...stage.statements.flatMap(printStatement)];
  let head = `local ${stage.local} = `;
  let value: Lua = stage.head;
  const flush = () => {
    lines.push(`${head}${printLua(value, "", head.length)}`);
    head = `${stage.local} = `;
  };
  for (const step of stage.steps) {
    if (step.type === "call") {
      const link = { method: step.method, args: step.args, comments: step.comments };
      value =
        value.type === "chain"
          ? { ...value, links: [...value.links, link] }
          : { type: "chain", head: value, links: [link] };
      continue;
    }
    flush();
    lines.push(...printComments(step.comments, ""));
    value = call("bk.merge", code(stage.local), step.layer);
  }
  flush();
  return lines.join("\n");
}

function printResults(stages: readonly Stage[]): readonly string[] {
  const named = stages.filter(
    ({ name }, at) => name !== undefined && !stages.slice(at + 1).some((each) => each.name === name),
  );
  const last = stages.at(-1);
  const results = named.map((stage) => printTarget(stage, stage === last && named.length > 1));
  return last === undefined || last.name !== undefined ? results : [...results, printExport(last)];
}

function printExport(stage: Stage): string {
  const config = configOf(stage);
  const args = [code(stage.local), ...(config === undefined ? [] : [config])];
  return [...printComments(stage.pending, ""), printLua(call("bk.export", ...args), "", 0)].join("\n");
}

function printTarget(stage: Stage, isDefault: boolean): string {
  const config = configOf(stage);
  const options = record({
    description: stage.description === undefined ? undefined : text(stage.description),
    default: isDefault ? literal(true) : undefined,
  });
  const given = options.type === "table" && options.entries.length > 0 ? `${printLua(options, "", 0)}, ` : "";
  const head = `  return ${stage.local}`;
  const value = config === undefined ? head : `${head}, ${printLua(config, "  ", head.length + 2)}`;
  const comments = printComments(stage.pending, "");
  return [...comments, `bk.target(${printLua(text(stage.name ?? ""), "", 0)}, ${given}function()`, value, "end)"].join(
    "\n",
  );
}

function configOf(stage: Stage): Lua | undefined {
  const settings: Entry[] = stage.hasSettings ? [{ key: "settings", value: literal(true) }] : [];
  const entries = [...stage.config].map(([key, { value, comments }]) => ({ key, value, comments }));
  const all = [...settings, ...entries];
  return all.length === 0 ? undefined : { type: "table", entries: all };
}
