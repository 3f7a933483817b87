import type { LintContext } from "../context.ts";
import type { Problem, Rule } from "../rule.ts";
import { calleeOf, firstText, type ScriptText } from "../script-text.ts";
import type { CallExpression } from "../syntax/node.ts";

interface NamedCall {
  readonly text: ScriptText;
  readonly node: CallExpression;
  readonly name: string;
}

/** Calls of a function with a literal as the first argument, wherever they are written. */
function* callsOf({ texts }: LintContext, callee: string): Iterable<NamedCall> {
  for (const text of texts) {
    for (const node of text.syntax.calls) {
      const name = calleeOf(node) === callee ? firstText(node) : undefined;
      if (name !== undefined) yield { text, node, name };
    }
  }
}

export const unusedArgument: Rule = {
  id: "unused-argument",
  severity: "warning",
  summary: "a build argument is declared, and its value goes nowhere",
  *check(context): Iterable<Problem> {
    for (const { text, node, name } of callsOf(context, "bk.arg")) {
      const holder = node.parent;
      const variable = holder?.type === "LocalStatement" ? holder.variables[holder.init.indexOf(node)] : undefined;
      const isLost = holder?.type === "CallStatement" || (variable !== undefined && text.countOf(variable) === 1);
      if (!isLost || countReads(context, name) > 1) continue;
      const hint = "use it, or take its declaration out";
      yield { message: `nothing uses the build argument "${name}"`, hint, at: text.mark(node) };
    }
  },
};

/** An argument may be declared in one place, for the outline, and read in another. */
function countReads(context: LintContext, name: string): number {
  const reads = [...callsOf(context, "bk.arg"), ...callsOf(context, "os.getenv")];
  return reads.filter((each) => each.name === name).length;
}

/** Variables that every build may be given, without a script's saying so. */
const common =
  /^(?:SOURCE_DATE_EPOCH|BUILDKIT_.*|BUILDX_.*|(?:https?|ftp|no|all)_proxy|(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)|CI)$/i;

export const undeclaredArgument: Rule = {
  id: "undeclared-argument",
  severity: "info",
  summary: "a build argument is read by os.getenv and declared nowhere",
  *check(context): Iterable<Problem> {
    const declared = new Set(context.evaluation.arguments.map(({ name }) => name));
    for (const { name } of callsOf(context, "bk.arg")) declared.add(name);
    const told = new Set<string>();
    for (const { text, node, name } of callsOf(context, "os.getenv")) {
      if (declared.has(name) || common.test(name) || context.isHostVariable(name) || told.has(name)) continue;
      told.add(name);
      const hint = `bk.arg("${name}") reads it too, and shows it in "luakit outline"`;
      yield { message: `no bk.arg declares "${name}"`, hint, at: text.mark(node) };
    }
  },
};

export const unreadBuildArg: Rule = {
  id: "unread-build-arg",
  severity: "warning",
  summary: "the command line gives a build argument that the script does not read",
  *check({ evaluation, asked, texts, isWhole }) {
    for (const name of evaluation.options.buildArguments.keys()) {
      const isKnown = asked.has(name) || common.test(name) || name.includes(":");
      if (isKnown || (!isWhole && texts.some(({ file }) => file.data.includes(name)))) continue;
      const names = evaluation.arguments.map((each) => each.name);
      const hint = names.length === 0 ? undefined : `it reads ${names.join(", ")}`;
      yield { message: `the script does not read the build argument "${name}"`, hint, at: undefined };
    }
  },
};
