import { type Call, type FunctionDescriptor, type Parameter, Results } from "./function.ts";
import type { HandleType } from "./handle.ts";
import { KindReader, luaType, Mismatch } from "./kind.ts";
import type { LuaStack } from "./lua-stack.ts";
import type { CallPosition } from "./position.ts";
import { type Pushing, pushHandle, pushValue } from "./push.ts";
import type { RawFunction } from "./state.ts";
import type { Trace } from "./trace.ts";

/** What binding functions of the API needs. */
export interface Binding<Session> extends Pushing {
  readonly session: Session;
  readonly trace: Trace;
}

class BoundCall<Session> implements Call<Session, unknown> {
  readonly session: Session;
  readonly self: unknown;
  readonly name: string;
  private readonly trace: Trace;

  constructor(binding: Binding<Session>, name: string, self: unknown) {
    this.session = binding.session;
    this.trace = binding.trace;
    this.name = name;
    this.self = self;
  }

  position(): CallPosition | undefined {
    return this.trace.position();
  }
}

/** A described function as Lua calls it: arguments are read by their kinds, the result is pushed. */
export function bindFunction<Session>(binding: Binding<Session>, descriptor: FunctionDescriptor<Session>): RawFunction {
  const { name, self: selfType } = descriptor;
  const first = selfType === undefined ? 1 : 2;
  const readers: KindReader<unknown>[] = [];
  const params = descriptor.params.filter((param) => param.rest !== true);
  const rest = descriptor.params.find((param) => param.rest === true);
  const last = first + params.length - 1;
  const skippable = params.findIndex((param) => param.skippable === true);
  for (const param of params) readers.push(new KindReader(param.kind));
  const { stack } = binding;
  return () => {
    const top = stack.top();
    const self = selfType === undefined ? undefined : readSelf(stack, selfType, name);
    const skipped = skippable !== -1 && isSkipped(stack, params, skippable, first) ? skippable : -1;
    const values = readArguments(stack, params, readers, first, skipped);
    if (rest !== undefined) values.push(readRest(stack, rest, last + 1, top));
    else if (top > last || skipped !== -1) checkExtra(stack, skipped === -1 ? last : last - 1, top, first);
    return pushResult(binding, descriptor, descriptor.run(new BoundCall(binding, name, self), values));
  };
}

function readSelf(stack: LuaStack, type: HandleType<unknown>, name: string): unknown {
  const slot = stack.at(1);
  const found = stack.handle(slot);
  if (found?.type === type) return found.value;
  const hint = `call it with a colon: ${name}(...)`;
  throw new Mismatch(`expected ${type.name} before the colon, got ${stack.describe(slot)}`, "script.argument", hint);
}

/** Whether the argument in a parameter's place is that of the next one. */
function isSkipped(stack: LuaStack, params: readonly Parameter[], index: number, first: number): boolean {
  const slot = stack.at(first + index);
  return params[index]?.kind.matches(stack, slot) === false && params[index + 1]?.kind.matches(stack, slot) === true;
}

function readArguments(
  stack: LuaStack,
  params: readonly Parameter[],
  readers: readonly KindReader<unknown>[],
  first: number,
  skipped: number,
): unknown[] {
  const values: unknown[] = [];
  let at = 0;
  try {
    let index = first;
    for (; at < readers.length; at++)
      values.push(at === skipped ? undefined : readers[at]?.read(stack, stack.at(index++)));
  } catch (error) {
    throw ofArgument(error, params[at]?.name ?? "");
  }
  return values;
}

function readRest(stack: LuaStack, param: Parameter, from: number, top: number): unknown[] {
  const values: unknown[] = [];
  try {
    for (let index = from; index <= top; index++) values.push(param.kind.read(stack, stack.at(index)));
  } catch (error) {
    throw ofArgument(error, param.name);
  }
  return values;
}

function ofArgument(error: unknown, name: string): unknown {
  if (!(error instanceof Mismatch)) return error;
  // An option's name says enough; whether its table is called `opts` helps nobody.
  if (error.code === "script.option" || error.path[0]?.startsWith("option ") === true) return error;
  return error.within(`argument "${name}"`);
}

function checkExtra(stack: LuaStack, last: number, top: number, first: number): void {
  for (let index = last + 1; index <= top; index++) {
    if (stack.type(stack.at(index)) === luaType.nil) continue;
    const most = last - first + 1;
    throw new Mismatch(
      `expected ${most === 0 ? "no arguments" : `at most ${most} ${most === 1 ? "argument" : "arguments"}`}, got ${top - first + 1}`,
    );
  }
}

function pushResult<Session>(
  binding: Binding<Session>,
  descriptor: FunctionDescriptor<Session>,
  result: unknown,
): number {
  if (result instanceof Results) {
    binding.state.c.luaL_checkstack(binding.state.thread, result.values.length + 4, 0);
    for (const value of result.values) pushValue(binding, value);
    return result.values.length;
  }
  const type = descriptor.returns?.handle;
  if (type === undefined) binding.stack.chargeItems(1);
  if (type !== undefined && result !== undefined && result !== null) pushHandle(binding, type, result);
  else if (result === undefined) return 0;
  else pushValue(binding, result);
  return 1;
}
