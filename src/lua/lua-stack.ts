import type { LuaFunction } from "./callback.ts";
import { Handle, type HandleType } from "./handle.ts";
import { luaType } from "./kind.ts";
import type { Limit } from "./limit.ts";
import type { Stack } from "./stack.ts";
import { type LuaState, registryIndex } from "./state.ts";

/** Lua interns strings of up to 40 bytes: while one is kept alive its place in memory tells it from all others. */
const internedBytes = 40;
const internedKeys = 4096;
/** Lua gives every function 20 slots; below this there is room for a key, a value and what reads them. */
const freeSlots = 12;
/** Strings shorter than this are not worth counting. */
const countedBytes = 256;

/** Values of the running thread, as kinds read them. */
export class LuaStack implements Stack {
  private readonly state: LuaState;
  private readonly limit: Limit;
  private readonly handles: Handle[] = [];
  private readonly keys = new Map<number, string>();
  private readonly makeCallback: (reference: number) => LuaFunction;

  constructor(state: LuaState, limit: Limit, makeCallback: (reference: number) => LuaFunction) {
    this.state = state;
    this.limit = limit;
    this.makeCallback = makeCallback;
  }

  type(index: number): number {
    return this.state.c.lua_type(this.state.thread, index);
  }

  describe(index: number): string {
    switch (this.type(index)) {
      case luaType.none:
      case luaType.nil:
        return "nil";
      case luaType.boolean:
        return "boolean";
      case luaType.number:
        return "number";
      case luaType.string:
        return "string";
      case luaType.table:
        return "table";
      case luaType.function:
        return "function";
      case luaType.thread:
        return "coroutine";
      case luaType.lightUserdata:
        return "json.null";
      default:
        return this.handle(index)?.type.name ?? "userdata";
    }
  }

  show(index: number): string {
    const type = this.type(index);
    if (type === luaType.string) return shorten(this.text(index));
    if (type === luaType.number) return String(this.integerOrFloat(index));
    if (type === luaType.boolean) return String(this.boolean(index));
    return `a ${this.describe(index)}`;
  }

  text(index: number): string | undefined {
    const { pointer, size } = this.state.stringAt(index);
    if (size > countedBytes) this.limit.charge(size);
    return this.state.decode(pointer, size);
  }

  bytes(index: number): Uint8Array {
    const { pointer, size } = this.state.stringAt(index);
    if (size > countedBytes) this.limit.charge(size);
    return this.state.bytes.slice(pointer, pointer + size);
  }

  number(index: number): number {
    return this.state.c.lua_tonumberx(this.state.thread, index, 0);
  }

  integerOrFloat(index: number): number | bigint {
    const value = this.number(index);
    if (Number.isSafeInteger(value) || this.state.c.lua_isinteger(this.state.thread, index) === 0) return value;
    return this.state.c.lua_tointegerx(this.state.thread, index, 0);
  }

  boolean(index: number): boolean {
    return this.state.c.lua_toboolean(this.state.thread, index) !== 0;
  }

  handle(index: number): Handle | undefined {
    if (this.type(index) !== luaType.userdata) return undefined;
    const place = this.state.ints[this.state.c.lua_touserdata(this.state.thread, index) >> 2];
    return this.handles[place ?? -1];
  }

  /** Pushes a value as an opaque userdata with its type's metatable. */
  pushHandle(type: HandleType<unknown>, value: unknown, metatable: bigint): void {
    const { c, thread } = this.state;
    this.limit.chargeHandle();
    const place = this.handles.push(new Handle(type, value)) - 1;
    const pointer = c.lua_newuserdatauv(thread, 4, 0);
    this.state.ints[pointer >> 2] = place;
    c.lua_rawgeti(thread, registryIndex, metatable);
    c.lua_setmetatable(thread, -2);
  }

  callback(index: number): LuaFunction {
    this.limit.chargeHandle();
    return this.makeCallback(this.state.keep(index));
  }

  isList(index: number): boolean {
    const { c, thread } = this.state;
    const type = c.lua_rawgeti(thread, index, 1n);
    this.pop(1);
    return type !== luaType.nil;
  }

  isEmpty(index: number): boolean {
    const { c, thread } = this.state;
    c.lua_pushnil(thread);
    if (c.lua_next(thread, index) === 0) return true;
    this.pop(2);
    return false;
  }

  identity(index: number): number {
    return this.state.c.lua_topointer(this.state.thread, index);
  }

  key(index: number): string | undefined {
    if (this.type(index) !== luaType.string) return undefined;
    const { pointer, size } = this.state.stringAt(index);
    const known = this.keys.get(pointer);
    if (known !== undefined) return known;
    const text = this.state.decode(pointer, size);
    if (text === undefined || size > internedBytes || this.keys.size >= internedKeys) return text;
    this.state.keep(index);
    this.keys.set(pointer, text);
    return text;
  }

  eachEntry(index: number, visit: (keyIndex: number) => void): void {
    const { c, thread } = this.state;
    const keyIndex = c.lua_gettop(thread) + 1;
    if (keyIndex > freeSlots) c.luaL_checkstack(thread, 8, 0);
    c.lua_pushnil(thread);
    while (c.lua_next(thread, index) !== 0) {
      visit(keyIndex);
      c.lua_settop(thread, keyIndex);
    }
  }

  top(): number {
    return this.state.c.lua_gettop(this.state.thread);
  }

  setTop(top: number): void {
    this.state.c.lua_settop(this.state.thread, top);
  }

  pop(count: number): void {
    this.state.c.lua_settop(this.state.thread, -count - 1);
  }
}

function shorten(text: string | undefined): string {
  if (text === undefined) return "binary data";
  return text.length > 40 ? `"${text.slice(0, 40)}…"` : `"${text}"`;
}
