import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Instruction, parseInstruction } from "./instruction.ts";
import { call, code, literal, record, text } from "./lua.ts";
import type { Names } from "./names.ts";
import { argumentsOf } from "./pairs.ts";
import { printLua } from "./print-lua.ts";
import type { Binding } from "./scope.ts";
import type { Statement } from "./stage.ts";
import type { LuaWord } from "./word-to-lua.ts";

type Local = Extract<Binding, { type: "local" }>;

/** An ARG, its default as Lua. */
export interface Declaration {
  readonly name: string;
  readonly fallback: LuaWord | undefined;
  readonly comments: readonly string[];
  /** Nothing works without it. */
  readonly required?: boolean | undefined;
}

/** What an argument is when nobody gives it, of those that BuildKit sets itself. */
const automatic: Readonly<Record<string, string>> = {
  TARGETPLATFORM: "tostring(bk.target_platform())",
  TARGETOS: 'tostring(bk.target_platform()):match("^[^/]+")',
  TARGETARCH: 'tostring(bk.target_platform()):match("^[^/]+/([^/]+)")',
  TARGETVARIANT: 'tostring(bk.target_platform()):match("^[^/]+/[^/]+/(.+)") or ""',
  TARGETOSVERSION: '""',
  BUILDPLATFORM: "tostring(bk.build_platform())",
  BUILDOS: 'tostring(bk.build_platform()):match("^[^/]+")',
  BUILDARCH: 'tostring(bk.build_platform()):match("^[^/]+/([^/]+)")',
  BUILDVARIANT: 'tostring(bk.build_platform()):match("^[^/]+/[^/]+/(.+)") or ""',
  BUILDOSVERSION: '""',
};

/** Whether BuildKit sets an argument that FROM may use without ARG. */
export function isAutomatic(name: string): boolean {
  return Object.hasOwn(automatic, name);
}

/** The build arguments of a script: each is asked for once, whatever the stages that declare it take as default. */
export class BuildArguments {
  readonly #names: Names;
  readonly #uses: ReadonlyMap<string, Uses>;
  readonly #locals = new Map<string, Local>();

  constructor(names: Names, instructions: readonly Instruction[], escapeToken: string) {
    this.#names = names;
    this.#uses = usesOf(instructions, escapeToken);
  }

  /** The local that holds an argument, and the statements that it needs. `inherited` is that of the global ARG. */
  declare(declaration: Declaration, inherited: Binding | undefined): Declared {
    const { name, fallback } = declaration;
    if (fallback === undefined && inherited !== undefined) return { binding: inherited, statements: [] };
    const known = this.#locals.get(name);
    if (this.#differs(name)) return this.#derive(declaration, known);
    if (known !== undefined) return { binding: known, statements: [] };
    return this.#ask(declaration, fallback ?? automaticValue(name));
  }

  /** Whether an argument that nobody gives is not the same everywhere. */
  #differs(name: string): boolean {
    const { defaults, times, isBare } = this.#uses.get(name) ?? noUses;
    const [only] = defaults;
    if (only === undefined || defaults.size > 1) return defaults.size > 1;
    // The same words may mean other values elsewhere.
    return isBare || isAutomatic(name) || (times > 1 && only.includes("$"));
  }

  #ask(declaration: Declaration, fallback: Fallback | undefined): Declared & { binding: Local } {
    const { name, comments } = declaration;
    const required = declaration.required === true && fallback === undefined;
    const local = { ...this.#local(name, fallback), mayBeNil: fallback === undefined && !required };
    this.#locals.set(name, local);
    const { rest, description } = describe(name, comments);
    const table = record({
      default: fallback?.lua,
      required: required ? literal(true) : undefined,
      description: description === undefined ? undefined : text(description),
    });
    const options = description === undefined && !required ? fallback?.lua : table;
    const value = call("bk.arg", text(name), ...(options === undefined ? [] : [options]));
    return { binding: local, statements: [{ comments: rest, name: local.name, value }] };
  }

  /** A default that only some stages have goes on top of what was given. */
  #derive(declaration: Declaration, known: Local | undefined): Declared {
    const { name, fallback = automaticValue(name) } = declaration;
    const { binding, statements } =
      known === undefined ? this.#ask(declaration, undefined) : { binding: known, statements: [] };
    if (fallback === undefined) return { binding, statements };
    const local = this.#local(name, fallback);
    const value = code(`${binding.name} or ${printLua(fallback.lua, "", 0)}`);
    const comments = known === undefined ? [] : declaration.comments;
    return { binding: local, statements: [...statements, { comments, name: local.name, value }] };
  }

  #local(name: string, fallback: Fallback | undefined): Local {
    const preset = fallback?.preset;
    return { type: "local", name: this.#names.take(name), mayBeNil: fallback === undefined, preset };
  }
}

/** How a Dockerfile declares an argument. */
interface Uses {
  /** As they are written. */
  readonly defaults: Set<string>;
  times: number;
  /** Somewhere there is no default, and no global one either. */
  isBare: boolean;
}

const noUses: Uses = { defaults: new Set(), times: 0, isBare: false };

function usesOf(instructions: readonly Instruction[], escapeToken: string): ReadonlyMap<string, Uses> {
  const uses = new Map<string, Uses>();
  const globals = new Set<string>();
  let isGlobal = true;
  for (const instruction of instructions) {
    if (instruction.keyword === "FROM") isGlobal = false;
    for (const { key, value } of declaredBy(instruction, escapeToken)) {
      if (value === undefined && !isGlobal && globals.has(key)) continue;
      const seen = uses.get(key) ?? { defaults: new Set(), times: 0, isBare: false };
      // A trigger runs in every stage on its own.
      seen.times += instruction.keyword === "ONBUILD" ? 2 : 1;
      if (value === undefined) seen.isBare = true;
      else seen.defaults.add(value);
      uses.set(key, seen);
      if (isGlobal) globals.add(key);
    }
  }
  return uses;
}

function declaredBy(instruction: Instruction, escapeToken: string): ReturnType<typeof argumentsOf> {
  if (instruction.keyword === "ARG") return argumentsOf(instruction);
  if (instruction.keyword !== "ONBUILD" || !/^ARG\s/i.test(instruction.rest)) return [];
  const { rest, source } = instruction;
  try {
    return argumentsOf(parseInstruction({ ...source, text: rest, pieces: [rest], comments: [] }, escapeToken));
  } catch (error) {
    // It is told where the trigger runs.
    if (error instanceof LuakitError) return [];
    throw error;
  }
}

interface Declared {
  readonly binding: Binding;
  readonly statements: readonly Statement[];
}

type Fallback = Pick<LuaWord, "lua" | "preset">;

function automaticValue(name: string): Fallback | undefined {
  const value = automatic[name];
  return value === undefined ? undefined : { lua: code(value), preset: undefined };
}

/** `# NAME what it is for` over an ARG is what people read in an outline. */
function describe(name: string, comments: readonly string[]) {
  const description = comments.find((comment) => comment.startsWith(`${name} `))?.slice(name.length + 1);
  if (description === undefined) return { rest: comments, description };
  return { rest: comments.filter((comment) => !comment.startsWith(`${name} `)), description };
}
