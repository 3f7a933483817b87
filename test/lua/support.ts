import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { type FunctionDescriptor, defineFunction } from "../../src/lua/function.ts";
import type { HandleType } from "../../src/lua/handle.ts";
import { jsonFunctions } from "../../src/lua/json.ts";
import { text } from "../../src/lua/scalar.ts";
import { openVm, type Vm, type VmOptions } from "../../src/lua/vm.ts";

/** What a test's functions see: everything that `out(...)` was given. */
export interface Session {
  readonly out: string[];
}

export const define = defineFunction<Session>();

const out = define({
  name: "out",
  doc: "",
  example: "",
  params: [{ name: "texts", kind: text, rest: true }],
  run: (call, texts) => void call.session.out.push(texts.join(" ")),
});

export interface Harness {
  readonly vm: Vm;
  readonly session: Session;
  readonly printed: string[];
}

export interface HarnessOptions extends Partial<Omit<VmOptions<Session>, "handles">> {
  readonly handles?: readonly HandleType<never>[];
}

/** A VM with `out`, `json` and the given functions; modules come from a record of texts. */
export function openHarness(
  functions: readonly FunctionDescriptor<Session>[] = [],
  options: Partial<VmOptions<Session>> & { readonly files?: Readonly<Record<string, string>> } = {},
): Harness {
  const session: Session = { out: [] };
  const printed: string[] = [];
  const files = options.files ?? {};
  const vm = openVm<Session>({
    functions: [out, ...jsonFunctions, ...functions],
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
  });
  return { vm, session, printed };
}

/** Runs Lua and gives what it passed to `out`. */
export function run(source: string, functions: readonly FunctionDescriptor<Session>[] = [], options: Parameters<typeof openHarness>[1] = {}): string[] {
  const { vm, session } = openHarness(functions, options);
  try {
    vm.run({ name: "build.lua", data: source });
  } finally {
    vm.close();
  }
  return session.out;
}

/** The error that a script ends with. */
export function fail(source: string, functions: readonly FunctionDescriptor<Session>[] = [], options: Parameters<typeof openHarness>[1] = {}): LuakitError {
  try {
    run(source, functions, options);
  } catch (error) {
    if (error instanceof LuakitError) return error;
    throw error;
  }
  throw new Error("the script did not fail");
}

/** `build.lua:3: message`, as the first line of a report. */
export function describe(error: LuakitError): string {
  const place = error.position === undefined ? "" : `${error.position.file}:${error.position.line}: `;
  return `${place}${error.message}`;
}
