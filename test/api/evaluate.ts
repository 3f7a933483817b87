import { apiFunctions, apiHandles } from "../../src/api/api.ts";
import { Evaluation, type EvaluationOptions, type Target } from "../../src/api/evaluation.ts";
import { standardLibrary } from "../../src/api/prelude.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import type { Op } from "../../src/llb/op.ts";
import type { Vertex } from "../../src/llb/vertex.ts";
import { openVm } from "../../src/lua/vm.ts";

export interface Evaluated {
  readonly targets: readonly Target[];
  readonly evaluation: Evaluation;
}

/** Runs a script as `build.lua` for linux/arm64 on linux/amd64. */
export function evaluate(script: string, options: Partial<EvaluationOptions> = {}): Evaluated {
  const session = new Evaluation({
    buildArguments: new Map(),
    targetPlatform: { os: "linux", architecture: "arm64" },
    buildPlatform: { os: "linux", architecture: "amd64" },
    ...options,
  });
  const vm = openVm({
    functions: apiFunctions,
    handles: apiHandles,
    session,
    limits: { memory: 256 << 20, time: 10_000 },
    modules: {
      find: (name) => {
        const data = standardLibrary.get(name);
        return data === undefined ? { tried: [name] } : { found: { file: { name: `${name}.lua`, data }, path: name } };
      },
    },
    environment: (name) => session.options.buildArguments.get(name),
    print: () => {},
  });
  try {
    vm.run({ name: "build.lua", data: script });
    return { targets: session.finish(), evaluation: session };
  } finally {
    vm.close();
  }
}

/** The error of a script that has one. */
export function errorOf(script: string, options: Partial<EvaluationOptions> = {}): LuakitError {
  try {
    evaluate(script, options);
  } catch (error) {
    if (error instanceof LuakitError) return error;
    throw error;
  }
  throw new Error(`no error:\n${script}`);
}

/** The vertex that made what the script exports. */
export function vertexOf(script: string, options: Partial<EvaluationOptions> = {}): Vertex {
  const { state } = targetOf(script, options);
  const vertex = state.exec ?? state.output?.vertex;
  if (vertex === undefined) throw new Error(`scratch:\n${script}`);
  return vertex;
}

/** The one result of a script. */
export function targetOf(script: string, options: Partial<EvaluationOptions> = {}): Target {
  const { targets } = evaluate(script, options);
  const [target] = targets;
  if (target === undefined || targets.length > 1) throw new Error(`${targets.length} results:\n${script}`);
  return target;
}

/** All ops below a script's result, inputs first. */
export function opsOf(script: string): readonly Op[] {
  const seen = new Set<Vertex>();
  const visit = (vertex: Vertex) => {
    if (seen.has(vertex)) return;
    for (const input of vertex.inputs) visit(input.vertex);
    seen.add(vertex);
  };
  visit(vertexOf(script));
  return [...seen].map((vertex) => vertex.op);
}

/** The first action of the file op that a script exports. */
export function probeAction(script: string): object {
  const { op } = vertexOf(script);
  const action = op.type === "file" ? op.actions[0] : undefined;
  if (action === undefined) throw new Error(`no file op:\n${script}`);
  return action;
}
