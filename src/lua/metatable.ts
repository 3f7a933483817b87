import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Binding, bindFunction } from "./bind.ts";
import type { FunctionDescriptor } from "./function.ts";
import type { HandleType } from "./handle.ts";
import { memberName, pushMembers } from "./install.ts";
import { luaType } from "./kind.ts";
import { upvalueIndex } from "./state.ts";

/** The metatables of handle types, which scripts cannot get at; each is made when its first handle is. */
export class Metatables<Session> {
  private readonly types: ReadonlySet<HandleType<unknown>>;
  private readonly functions: readonly FunctionDescriptor<Session>[];
  private readonly made = new Map<HandleType<unknown>, number>();
  private shared: Readonly<Record<string, number>> | undefined;

  constructor(types: readonly HandleType<unknown>[], functions: readonly FunctionDescriptor<Session>[]) {
    this.types = new Set(types);
    this.functions = functions;
  }

  /** The type's metatable, as its place in memory. */
  of(type: HandleType<unknown>, binding: Binding<Session>): number {
    const known = this.made.get(type);
    if (known !== undefined) return known;
    if (!this.types.has(type)) throw new Error(`the handle type ${type.name} was not given to openVm`);
    const metatable = this.make(type, binding);
    this.made.set(type, metatable);
    return metatable;
  }

  private make(type: HandleType<unknown>, binding: Binding<Session>): number {
    const { state } = binding;
    const { c, thread } = state;
    const functions = this.functions.filter((descriptor) => descriptor.self === type);
    const owner = functions[0]?.name.split(/[.:]/)[0] ?? type.name.toLowerCase();
    c.luaL_checkstack(thread, 8, 0);
    c.lua_createtable(thread, 0, 8);
    for (const name of ["__name", "__metatable"]) {
      state.pushText(type.name);
      c.lua_setfield(thread, -2, state.name(name));
    }
    this.shared ??= registerShared(binding);
    for (const [name, place] of Object.entries(this.shared)) {
      state.pushRegistered(place);
      c.lua_setfield(thread, -2, state.name(name));
    }
    pushMembers(binding, owner, ":", functions);
    const fields = functions.filter(({ isField }) => isField);
    if (fields.length > 0) pushFieldReader(binding, fields);
    c.lua_setfield(thread, -2, state.name("__index"));
    state.keep(-1);
    const metatable = binding.stack.identity(binding.stack.at(-1));
    binding.stack.pop(1);
    return metatable;
  }
}

/** Puts a function in the place of the table of methods on top: it reads fields, and finds the rest in that table. */
function pushFieldReader<Session>(binding: Binding<Session>, fields: readonly FunctionDescriptor<Session>[]): void {
  const { state, stack } = binding;
  const readers = new Map(fields.map((field) => [memberName(field.name), bindFunction(binding, field)]));
  const place = state.register(() => {
    const key = stack.type(stack.at(2)) === luaType.string ? stack.text(stack.at(2)) : undefined;
    const read = key === undefined ? undefined : readers.get(key);
    if (read === undefined) {
      state.c.lua_getfield(state.thread, upvalueIndex(2), state.name(key ?? stack.show(stack.at(2))));
      return 1;
    }
    stack.setTop(1);
    if (read() === 0) state.c.lua_pushnil(state.thread);
    return 1;
  });
  state.pushRegistered(place, 1);
}

/** What all handle types do alike. */
function registerShared({ state, stack }: Binding<unknown>): Readonly<Record<string, number>> {
  return {
    __tostring: state.register(() => {
      const handle = stack.handle(stack.at(1));
      state.pushText(handle === undefined ? "handle" : handle.type.toText(handle.value));
      return 1;
    }),
    __eq: state.register(() => {
      const [left, right] = [stack.handle(stack.at(1)), stack.handle(stack.at(2))];
      const same = left !== undefined && left.type === right?.type && left.value === right.value;
      state.c.lua_pushboolean(state.thread, Number(same));
      return 1;
    }),
    __newindex: state.register(() => {
      const name = stack.handle(stack.at(1))?.type.name ?? "handle";
      throw new LuakitError("script.argument", `a ${name} cannot be changed: its methods give new values`);
    }),
  };
}
