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
  let isFirst = true;
  for (const segment of segmentsOf(stage)) {
    const head = `${isFirst ? "local " : ""}${stage.local} = `;
    lines.push(...printComments(segment.comments, ""), printAssignment(head, segment.value));
    isFirst = false;
  }
  return lines.join("\n");
}

/** A layer that is too long for the line of its name stands on the next one. */
function printAssignment(head: string, value: Lua): string {
  const text = printLua(value, "", head.length);
  if (value.type !== "call" || !text.includes("\n")) return head + text;
  const below = printLua(value, "  ", 2);
  return below.includes("\n") ? head + text : `${head.trimEnd()}\n  ${below}`;
}

/** What is assigned to the local of a stage, one after the other: chains of calls, and layers over them. */
function segmentsOf(stage: Stage): readonly { readonly value: Lua; readonly comments: readonly string[] }[] {
  const segments: { value: Lua; comments: readonly string[] }[] = [{ value: stage.head, comments: [] }];
  for (const step of stage.steps) {
    const last = segments.at(-1);
    if (step.type === "merge") {
      segments.push({ value: call("bk.merge", code(stage.local), step.layer), comments: step.comments });
      continue;
    }
    const link = { method: step.method, args: step.args, comments: step.comments };
    if (last?.value.type === "chain") last.value = { ...last.value, links: [...last.value.links, link] };
    else if (last === segments[0] && last !== undefined)
      last.value = { type: "chain", head: last.value, links: [link] };
    else segments.push({ value: { type: "chain", head: code(stage.local), links: [link] }, comments: [] });
  }
  return segments.map(raiseComments);
}

/** Comments over the only call of a chain stand over the statement. */
function raiseComments({ value, comments }: { value: Lua; comments: readonly string[] }) {
  const [only] = value.type === "chain" ? value.links : [];
  if (value.type !== "chain" || value.links.length > 1 || only === undefined) return { value, comments };
  return { value: { ...value, links: [{ ...only, comments: [] }] }, comments: [...comments, ...only.comments] };
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
  const comments = printComments(stage.pending, "");
  const head = `bk.target(${printLua(text(stage.name ?? ""), "", 0)}, ${given}function()`;
  return [...comments, head, ...printReturn(stage.local, config), "end)"].join("\n");
}

function printReturn(local: string, config: Lua | undefined): readonly string[] {
  const head = `  return ${local}`;
  if (config === undefined) return [head];
  const value = printLua(config, "  ", head.length + 2);
  if (!value.includes("\n")) return [`${head}, ${value}`];
  const name = local === "config" ? "image_config" : "config";
  return [`  local ${name} = ${printLua(config, "  ", 10 + name.length)}`, `${head}, ${name}`];
}

function configOf(stage: Stage): Lua | undefined {
  const settings: Entry[] = stage.hasSettings ? [{ key: "settings", value: literal(true) }] : [];
  const entries = [...stage.config].map(([key, { value, comments }]) => ({ key, value, comments }));
  const all = [...settings, ...entries];
  return all.length === 0 ? undefined : { type: "table", entries: all };
}
