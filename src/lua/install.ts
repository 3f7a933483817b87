import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";
import { type Binding, bindFunction } from "./bind.ts";
import type { FunctionDescriptor } from "./function.ts";
import { luaType } from "./kind.ts";
import type { LuaState } from "./state.ts";

/**
 * Makes the described functions globals: `bk.image` goes into the table `bk`, `out` is a global of its own. Functions
 * of tables are bound when a script first asks for them, because most scripts ask for few.
 */
export function installFunctions<Session>(
  binding: Binding<Session>,
  functions: readonly FunctionDescriptor<Session>[],
): void {
  const { c, thread } = binding.state;
  const tables = new Map<string, FunctionDescriptor<Session>[]>();
  const globals = new Map<string, FunctionDescriptor<Session>>();
  // Every start comes by here with every function.
  for (const descriptor of functions) {
    if (descriptor.self !== undefined) continue;
    const { name } = descriptor;
    const dot = name.lastIndexOf(".");
    if (dot < 0) {
      globals.set(name, descriptor);
      continue;
    }
    const owner = name.slice(0, dot);
    const members = tables.get(owner);
    if (members === undefined) tables.set(owner, [descriptor]);
    else members.push(descriptor);
  }
  for (const [owner, members] of tables) {
    pushMembers(binding, owner, ".", members);
    const called = globals.get(owner);
    if (called !== undefined) makeCallable(binding, called);
    c.lua_setglobal(thread, binding.state.name(owner));
    globals.delete(owner);
  }
  for (const [name, descriptor] of globals) {
    binding.state.pushFunction(bindFunction(binding, descriptor), name);
    c.lua_setglobal(thread, binding.state.name(name));
  }
}

/** Lets the table on top, which pushMembers made, be called. */
function makeCallable<Session>(binding: Binding<Session>, descriptor: FunctionDescriptor<Session>): void {
  const { state } = binding;
  const { c, thread } = state;
  const bound = bindFunction(binding, descriptor);
  c.lua_getmetatable(thread, -1);
  const withoutTable = (): number => {
    c.lua_rotate(state.thread, 1, -1);
    c.lua_settop(state.thread, -2);
    return bound();
  };
  state.pushFunction(withoutTable, descriptor.name);
  c.lua_setfield(thread, -2, state.name("__call"));
  c.lua_settop(thread, -2);
}

/**
 * Pushes a table of functions which binds each when it is first asked for, and answers for names that it does not
 * have. `separator` is what stands between the owner and a member in scripts.
 */
export function pushMembers<Session>(
  binding: Binding<Session>,
  owner: string,
  separator: "." | ":",
  functions: readonly FunctionDescriptor<Session>[],
): void {
  const { state } = binding;
  const { c, thread } = state;
  let members: ReadonlyMap<string, FunctionDescriptor<Session>> | undefined;
  const bound = new Set<string>();
  const membersOf = () => {
    members ??= new Map(functions.map((descriptor) => [memberName(descriptor.name), descriptor]));
    return members;
  };
  c.lua_createtable(thread, 0, 8);
  c.lua_createtable(thread, 0, 4);
  setFunction(state, "__index", () => {
    const key =
      binding.stack.type(binding.stack.at(2)) === luaType.string ? binding.stack.text(binding.stack.at(2)) : undefined;
    const descriptor = key === undefined ? undefined : membersOf().get(key);
    if (key === undefined || descriptor === undefined) throw unknownMember(binding, owner, separator, key, membersOf());
    bound.add(key);
    bindMember(binding, key, descriptor);
    return 1;
  });
  setFunction(state, "__pairs", () => {
    for (const [key, descriptor] of membersOf()) {
      if (bound.has(key)) continue;
      bound.add(key);
      bindMember(binding, key, descriptor);
      binding.stack.pop(1);
    }
    c.lua_getglobal(state.thread, state.name("next"));
    c.lua_pushvalue(state.thread, 1);
    return 2;
  });
  state.pushText("luakit");
  c.lua_setfield(thread, -2, state.name("__metatable"));
  c.lua_setmetatable(thread, -2);
}

/** The last part of a name: `image` of `bk.image`. */
export function memberName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf("."), name.lastIndexOf(":")) + 1);
}

function setFunction(state: LuaState, name: string, run: () => number): void {
  state.pushFunction(run);
  state.c.lua_setfield(state.thread, -2, state.name(name));
}

/** Sets the member in the table at 1 and leaves it on top. */
function bindMember<Session>(binding: Binding<Session>, key: string, descriptor: FunctionDescriptor<Session>): void {
  const { state } = binding;
  state.pushText(key);
  state.pushFunction(bindFunction(binding, descriptor), descriptor.name);
  state.c.lua_pushvalue(state.thread, -1);
  state.c.lua_rotate(state.thread, -3, 1);
  state.c.lua_rawset(state.thread, 1);
}

function unknownMember(
  { stack }: Binding<unknown>,
  owner: string,
  separator: string,
  key: string | undefined,
  members: ReadonlyMap<string, unknown>,
): LuakitError {
  if (key === undefined)
    return new LuakitError("script.argument", `${owner}[${stack.show(stack.at(2))}] does not exist`);
  const near = didYouMean(key, members.keys());
  return new LuakitError("script.argument", `${owner}${separator}${key} does not exist${near}`);
}
