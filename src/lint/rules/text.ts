import type { Identifier, Node } from "luaparse";
import { apiFunctions } from "../../api/api.ts";
import { didYouMean } from "../../diagnostic/suggest.ts";
import type { Problem, Rule } from "../rule.ts";
import { isGlobal, pathOf, type ScriptText, type SyntaxEntry } from "../script-text.ts";

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
      for (const { node, parent } of text.entries) {
        const name = globalPath(node);
        const instead = name !== undefined && Object.hasOwn(replacements, name) ? replacements[name] : undefined;
        if (instead === undefined || isTest(node, parent) || isKey(node, parent) || isAssigned(node, parent)) continue;
        yield { message: `"${name}" is a name of Lua 5.1`, hint: `write ${instead}`, at: text.mark(node) };
      }
    }
  },
};

/** A global, or a member of one. */
function globalPath(node: Node): string | undefined {
  if (node.type === "Identifier") return isGlobal(node) ? node.name : undefined;
  if (node.type !== "MemberExpression" || node.base.type !== "Identifier" || !isGlobal(node.base)) return undefined;
  return pathOf(node);
}

/** Whether a name is that of a field, not of a variable. */
function isKey(node: Node, parent: SyntaxEntry | undefined): boolean {
  const holder = parent?.node;
  if (holder?.type === "MemberExpression") return holder.identifier === node;
  return (holder?.type === "TableKeyString" && holder.key === node) || /^(?:Goto|Label)/.test(holder?.type ?? "");
}

/** `table.unpack or unpack`, `if jit then`: the script looks whether it is there. */
function isTest(node: Node, parent: SyntaxEntry | undefined): boolean {
  const holder = parent?.node;
  if (holder === undefined) return false;
  if (holder.type === "LogicalExpression" || (holder.type === "UnaryExpression" && holder.operator === "not"))
    return true;
  if (holder.type === "BinaryExpression" && /[=~]=/.test(holder.operator)) return true;
  return (holder.type === "IfClause" || holder.type === "ElseifClause") && holder.condition === node;
}

function isAssigned(node: Node, parent: SyntaxEntry | undefined): boolean {
  const holder = parent?.node;
  if (holder?.type === "AssignmentStatement") return holder.variables.some((each) => each === node);
  return holder?.type === "FunctionDeclaration" && holder.identifier === node;
}

export const decimalMode: Rule = {
  id: "decimal-mode",
  severity: "warning",
  summary: "a file mode is a decimal number, which nobody can read",
  *check({ texts }): Iterable<Problem> {
    for (const text of texts) {
      for (const { node } of text.entries) {
        if (node.type !== "TableKeyString" || !/^(?:mode|chmod)$/.test(node.key.name)) continue;
        const { value } = node;
        if (value.type !== "NumericLiteral" || !/^[1-9]\d*$/.test(value.raw)) continue;
        const octal = value.value.toString(8).padStart(4, "0");
        yield {
          message: `${value.raw} is mode ${octal}`,
          hint: `write ${node.key.name} = "${octal}"`,
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
  readonly entry: SyntaxEntry;
}

function* globals(texts: readonly ScriptText[]): Iterable<GlobalUse> {
  for (const text of texts) {
    for (const entry of text.entries) {
      const { node, parent } = entry;
      if (node.type === "Identifier" && isGlobal(node) && !isKey(node, parent)) yield { text, node, entry };
    }
  }
}

export const implicitGlobal: Rule = {
  id: "implicit-global",
  severity: "info",
  summary: "a variable is made without local, so all modules share it",
  *check({ texts }): Iterable<Problem> {
    const told = new Set<string>();
    for (const { text, node, entry } of globals(texts)) {
      if (!isAssigned(node, entry.parent) || told.has(node.name) || node.name === "_ENV") continue;
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
    const uses = [...globals(texts)];
    const api = apiFunctions.map(({ name }) => name.split(/[.:]/)[0] ?? "");
    const known = new Set([...library.split(" "), ...api, ...Object.keys(replacements)]);
    for (const { node, entry } of uses) if (isAssigned(node, entry.parent)) known.add(node.name);
    // With these, globals come from where nothing can be read.
    if (uses.some(({ node, entry }) => /^(?:_G|_ENV)$/.test(node.name) && !isRead(entry))) return;
    for (const { text, node, entry } of uses) {
      if (known.has(node.name) || isTest(node, entry.parent)) continue;
      const message = `nothing defines "${node.name}"${didYouMean(node.name, known)}`;
      yield { message, at: text.mark(node) };
    }
  },
};

/** `_G.name`: one of the globals is read. */
function isRead({ node, parent }: SyntaxEntry): boolean {
  const holder = parent?.node;
  if (holder?.type !== "MemberExpression" || holder.base !== node) return false;
  return !isAssigned(holder, parent?.parent);
}
