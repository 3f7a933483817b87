import { apiFunctions } from "../../api/api.ts";
import { didYouMean } from "../../diagnostic/suggest.ts";
import type { Problem, Rule } from "../rule.ts";
import { pathOf, type ScriptText } from "../script-text.ts";
import type { Identifier, MemberExpression, SyntaxNode } from "../syntax/node.ts";

const replacements: Readonly<Record<string, string>> = {
  unpack: "table.unpack",
  loadstring: "load",
  "table.getn": "the operator #",
  "table.maxn": "the operator #",
  "math.pow": "the operator ^",
  "math.mod": "math.fmod",
  "string.gfind": "string.gmatch",
  setfenv: "load with its fourth argument",
  getfenv: "_ENV",
};

export const deprecatedName: Rule = {
  id: "deprecated-name",
  severity: "warning",
  summary: "a name of an older Lua is used",
  *check({ texts }): Iterable<Problem> {
    for (const text of texts) {
      for (const node of [...text.syntax.globals, ...text.syntax.members.filter(isOfGlobal)]) {
        const name = pathOf(node);
        const instead = name !== undefined && Object.hasOwn(replacements, name) ? replacements[name] : undefined;
        if (instead === undefined || isTest(node) || isAssigned(node)) continue;
        yield { message: `"${name}" is a name of Lua 5.1`, hint: `write ${instead}`, at: text.mark(node) };
      }
    }
  },
};

function isOfGlobal({ base }: MemberExpression): boolean {
  return base.type === "Identifier" && base.isGlobal;
}

/** `table.unpack or unpack`, `if jit then`: the script looks whether it is there. */
function isTest(node: SyntaxNode): boolean {
  const holder = node.parent;
  if (holder?.type === "Operation") return /^(?:and|or|not|==|~=)$/.test(holder.operator);
  return holder?.type === "If" && holder.conditions.includes(node);
}

function isAssigned(node: SyntaxNode): boolean {
  const holder = node.parent;
  if (holder?.type === "AssignmentStatement") return holder.variables.includes(node);
  return holder?.type === "FunctionDeclaration" && holder.identifier === node;
}

export const decimalMode: Rule = {
  id: "decimal-mode",
  severity: "warning",
  summary: "a file mode is a decimal number, which nobody can read",
  *check({ texts }): Iterable<Problem> {
    for (const text of texts) {
      for (const { name, value } of text.syntax.fields) {
        if (!/^(?:mode|chmod)$/.test(name)) continue;
        if (value.type !== "NumericLiteral" || !/^[1-9]\d*$/.test(value.raw)) continue;
        const octal = Number(value.raw).toString(8).padStart(4, "0");
        yield {
          message: `${value.raw} is mode ${octal}`,
          hint: `write ${name} = "${octal}"`,
          at: text.mark(value),
        };
      }
    }
  },
};

const library =
  "_G _VERSION _ENV assert collectgarbage coroutine debug dofile error getmetatable io ipairs load loadfile math next os " +
  "package pairs pcall print rawequal rawget rawlen rawset require select self setmetatable string table tonumber tostring " +
  "type utf8 warn xpcall";

interface GlobalUse {
  readonly text: ScriptText;
  readonly node: Identifier;
}

function globals(texts: readonly ScriptText[]): readonly GlobalUse[] {
  return texts.flatMap((text) => text.syntax.globals.map((node) => ({ text, node })));
}

export const implicitGlobal: Rule = {
  id: "implicit-global",
  severity: "info",
  summary: "a variable is made without local, so all modules share it",
  *check({ texts }): Iterable<Problem> {
    const told = new Set<string>();
    for (const { text, node } of globals(texts)) {
      if (!isAssigned(node) || told.has(node.name) || node.name === "_ENV") continue;
      told.add(node.name);
      yield { message: `"${node.name}" is a global variable`, hint: `write local ${node.name}`, at: text.mark(node) };
    }
  },
};

export const undefinedGlobal: Rule = {
  id: "undefined-global",
  severity: "warning",
  summary: "a name that nothing defines, and that is nil",
  *check({ texts }): Iterable<Problem> {
    const uses = globals(texts);
    const api = apiFunctions.map(({ name }) => name.split(/[.:]/)[0] ?? "");
    const known = new Set([...library.split(" "), ...api, ...Object.keys(replacements)]);
    for (const { node } of uses) if (isAssigned(node)) known.add(node.name);
    // With these, globals come from where nothing can be read.
    if (uses.some(({ node }) => /^(?:_G|_ENV)$/.test(node.name) && !isRead(node))) return;
    for (const { text, node } of uses) {
      if (known.has(node.name) || isTest(node)) continue;
      const message = `nothing defines "${node.name}"${didYouMean(node.name, known)}`;
      yield { message, at: text.mark(node) };
    }
  },
};

/** `_G.name`: one of the globals is read. */
function isRead({ parent }: Identifier): boolean {
  return parent?.type === "MemberExpression" && !isAssigned(parent);
}
