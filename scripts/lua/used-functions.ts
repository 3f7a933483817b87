import { readFileSync } from "node:fs";
import { apiFunctions, apiHandles } from "../../src/api/api.ts";
import { Evaluation } from "../../src/api/evaluation.ts";
import { openVm } from "../../src/lua/vm.ts";
import { endOfLocals, readShape } from "./module-shape.ts";
import { concat, readSections, sectionIds, signed, sized, unsigned, vector, writeModule } from "./wasm-bytes.ts";

const pageBytes = 65536;
/** Where functions leave their marks: far above what a short script uses. */
const marks = 500 * pageBytes;
const [memoryPages, mostPages] = [512, 32768];

/** The functions of Lua's WebAssembly that a script of the most usual things calls. */
export function usedFunctions(module: Uint8Array, script: string): ReadonlySet<number> {
  const memory = runOn(new WebAssembly.Module(marking(module)), readFileSync(script, "utf8"));
  const { bodies } = readShape(readSections(module));
  return new Set(bodies.flatMap((_, index) => (memory[marks + index] === 1 ? [index] : [])));
}

/** The module, but every function sets a byte of its own before all else. */
function marking(module: Uint8Array): Uint8Array {
  const sections = readSections(module);
  const bodies = readShape(sections).bodies.map((body, index) => {
    const start = endOfLocals(body);
    const mark = [0x41, ...signed(marks + index), 0x41, 1, 0x3a, 0, 0];
    return sized(concat([body.subarray(0, start), mark, body.subarray(start)]));
  });
  const memory = [1, ...unsigned(memoryPages), ...unsigned(mostPages)];
  return writeModule(sections, { [sectionIds.code]: vector(bodies), [sectionIds.memory]: vector([memory]) });
}

type Imports = ConstructorParameters<typeof WebAssembly.Instance>[1];

/** Runs a script on a module and gives its memory then. */
function runOn(module: WebAssembly.Module, data: string): Uint8Array {
  const memories: WebAssembly.Memory[] = [];
  const plain = WebAssembly.Instance;
  // Nothing of a VM leads to its memory, and that is as it should be.
  class Watched extends plain {
    constructor(code: WebAssembly.Module, imports?: Imports) {
      super(code, imports);
      if (this.exports.memory instanceof WebAssembly.Memory) memories.push(this.exports.memory);
    }
  }
  Object.assign(WebAssembly, { Instance: Watched });
  try {
    const platform = { os: "linux", architecture: "amd64" };
    const session = new Evaluation({
      buildArguments: new Map([["VERSION", "1.2"]]),
      ignorePatterns: () => [],
      targetPlatform: platform,
      buildPlatform: platform,
    });
    openVm({
      functions: apiFunctions,
      handles: apiHandles,
      session,
      module,
      limits: { memory: 512 << 20, time: 60_000 },
      modules: { find: (name) => ({ found: { file: { name, data: "return { answer = 42 }" }, path: name } }) },
      environment: () => undefined,
      print: () => undefined,
    }).run({ name: "usual.lua", data });
  } finally {
    Object.assign(WebAssembly, { Instance: plain });
  }
  const [memory] = memories;
  if (memory === undefined) throw new Error("the script ran on no memory");
  return new Uint8Array(memory.buffer);
}
