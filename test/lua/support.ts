import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { defineFunction, type FunctionDescriptor } from "../../src/lua/function.ts";
import { jsonFunctions } from "../../src/lua/json.ts";
import { text } from "../../src/lua/scalar.ts";
import { openVm, type Vm, type VmOptions } from "../../src/lua/vm.ts";

/** What a test's functions see: everything that `out(...)` was given. */
export interface Session {
  readonly out: string[];
}

export const define = defineFunction<Session>();

export interface Harness {
  readonly vm: Vm;
  readonly session: Session;
  readonly printed: string[];
}

export interface HarnessOptions extends Partial<VmOptions<Session>> {
  /** Modules by name. */
  readonly files?: Readonly<Record<string, string>>;
}

const out = define({
  name: "out",
  doc: "",
  example: "",
  params: [{ name: "texts", kind: text, rest: true }],
  run: (call, texts) => void call.session.out.push(texts.join(" ")),
});

/** A VM with `out`, `json` and the given functions. */
export function openHarness(
  functions: readonly FunctionDescriptor<Session>[] = [],
  options: HarnessOptions = {},
): Harness {
  const session: Session = { out: [] };
  const printed: string[] = [];
  const files = options.files ?? {};
  const vm = openVm<Session>({
    handles: [],
    session,
    limits: { memory: 512 << 20, time: 30_000 },
    modules: {
      find(name) {
        const data = files[name];
        if (data === undefined) return { tried: [`${name}.lua`] };
        return { found: { file: { name: `${name}.lua`, data }, path: name } };
      },
    },
    environment: () => undefined,
    print: (line) => printed.push(line),
    ...options,
    functions: [out, ...jsonFunctions, ...functions],
  });
  return { vm, session, printed };
}

/** Runs Lua and gives what it passed to `out`. */
export function run(source: string, options: HarnessOptions = {}): string[] {
  const { vm, session } = openHarness(options.functions, options);
  try {
    vm.run({ name: "build.lua", data: source });
  } finally {
    vm.close();
  }
  return session.out;
}

/** The error that a script ends with. */
export function fail(source: string, options: HarnessOptions = {}): LuakitError {
  try {
    run(source, options);
  } catch (error) {
    if (error instanceof LuakitError) return error;
    throw error;
  }
  throw new Error("the script did not fail");
}

/** `build.lua:3: message`, as the first line of a report. */
export function failure(source: string, options: HarnessOptions = {}): string {
  const error = fail(source, options);
  const place = error.position === undefined ? "" : `${error.position.file}:${error.position.line}: `;
  return `${place}${error.message}`;
}

/** The descriptor of a function `f` of one parameter that passes what it read to `seen`. */
export function reader(params: FunctionDescriptor<Session>["params"], seen: unknown[]): FunctionDescriptor<Session> {
  return define({ name: "f", doc: "", example: "", params, run: (_call, ...values) => void seen.push(...values) });
}

/** The order of `pairs`, random numbers and addresses: what could differ between two runs. */
export const telltale = `
  local words, t = {}, {}
  for i = 1, 200 do t["key" .. i] = i t[("long key"):rep(i)] = i end
  for k in pairs(t) do words[#words + 1] = #k end
  for i = 1, 5 do words[#words + 1] = math.random(1000000) end
  math.randomseed() words[#words + 1] = math.random(1000000)
  out(table.concat(words, " ") .. tostring({}) .. tostring(print) .. tostring(coroutine.create(print)))`;
