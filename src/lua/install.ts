import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Binding, bindFunction, refuseUnknown } from "./bind.ts";
import type { FunctionDescriptor } from "./function.ts";
import type { HandleType } from "./handle.ts";
import type { LuaState } from "./state.ts";

export interface InstallOptions<Session> {
  readonly binding: Binding<Session>;
  readonly functions: readonly FunctionDescriptor<Session>[];
}

/** Makes the described functions globals: `bk.image` goes into the table `bk`, `print` is a global of its own. */
export function installFunctions<Session>(options: InstallOptions<Session>): void {
  const tables = new Map<string, FunctionDescriptor<Session>[]>();
  for (const descriptor of options.functions) {
    if (descriptor.self !== undefined) continue;
    const owner = descriptor.name.split(".").slice(0, -1).join(".");
    tables.set(owner, [...(tables.get(owner) ?? []), descriptor]);
  }
  for (const [owner, functions] of tables) {
    if (owner === "") for (const descriptor of functions) installGlobal(options, descriptor);
    else installTable(options, owner, functions);
  }
}

function pushDescriptor<Session>(options: InstallOptions<Session>, descriptor: FunctionDescriptor<Session>): void {
  options.binding.state.pushFunction(bindFunction(options.binding, descriptor), descriptor.name);
}

function installGlobal<Session>(options: InstallOptions<Session>, descriptor: FunctionDescriptor<Session>): void {
  const { c, thread } = options.binding.state;
  pushDescriptor(options, descriptor);
  c.lua_setglobal(thread, options.binding.state.name(descriptor.name));
}

function installTable<Session>(
  options: InstallOptions<Session>,
  owner: string,
  functions: readonly FunctionDescriptor<Session>[],
): void {
  const { c, thread } = options.binding.state;
  pushMembers(options, functions);
  pushMisses(options, owner, ".", functions.map(memberName));
  c.lua_setmetatable(thread, -2);
  c.lua_setglobal(thread, options.binding.state.name(owner));
}

function memberName(descriptor: { readonly name: string }): string {
  return descriptor.name.slice(Math.max(descriptor.name.lastIndexOf("."), descriptor.name.lastIndexOf(":")) + 1);
}

function pushMembers<Session>(
  options: InstallOptions<Session>,
  functions: readonly FunctionDescriptor<Session>[],
): void {
  const { c, thread } = options.binding.state;
  c.lua_createtable(thread, 0, functions.length);
  for (const descriptor of functions) {
    pushDescriptor(options, descriptor);
    c.lua_setfield(thread, -2, options.binding.state.name(memberName(descriptor)));
  }
}

/** Pushes a metatable whose `__index` answers misses. */
function pushMisses<Session>(
  options: InstallOptions<Session>,
  owner: string,
  separator: string,
  names: readonly string[],
): void {
  const { state, stack } = options.binding;
  state.c.lua_createtable(state.thread, 0, 2);
  state.pushFunction(refuseUnknown(stack, owner, separator, names));
  state.c.lua_setfield(state.thread, -2, state.name("__index"));
  state.pushText("luakit");
  state.c.lua_setfield(state.thread, -2, state.name("__metatable"));
}

/** Makes a handle type's metatable and gives its key in the registry. Scripts cannot get at it. */
export function installHandle<Session>(options: InstallOptions<Session>, type: HandleType<unknown>): bigint {
  const { state, stack } = options.binding;
  const { c, thread } = state;
  const functions = options.functions.filter((descriptor) => descriptor.self === type);
  const owner = functions[0]?.name.split(":")[0] ?? type.name.toLowerCase();
  const fields: Record<string, () => void> = {
    __name: () => state.pushText(type.name),
    __metatable: () => state.pushText(type.name),
    __tostring: () => pushReader(state, () => state.pushText(type.toText(stack.handle(1)?.value))),
    __eq: () => pushReader(state, () => c.lua_pushboolean(state.thread, Number(sameHandle(options.binding)))),
    __newindex: () =>
      state.pushFunction(() => {
        throw new LuakitError("script.argument", `a ${type.name} cannot be changed: its methods give new values`);
      }),
    __index: () => {
      pushMembers(options, functions);
      pushMisses(options, owner, ":", functions.map(memberName));
      c.lua_setmetatable(thread, -2);
    },
  };
  c.lua_createtable(thread, 0, 8);
  for (const [name, push] of Object.entries(fields)) {
    push();
    c.lua_setfield(thread, -2, state.name(name));
  }
  const reference = state.keep(-1);
  c.lua_settop(thread, -2);
  return BigInt(reference);
}

function pushReader(state: LuaState, push: () => void): void {
  state.pushFunction(() => {
    push();
    return 1;
  });
}

function sameHandle(binding: Binding<unknown>): boolean {
  const left = binding.stack.handle(1);
  const right = binding.stack.handle(2);
  return left !== undefined && left.type === right?.type && left.value === right.value;
}
