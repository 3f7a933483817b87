import { expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { type EvaluateOptions, evaluate } from "../../src/script/evaluate.ts";
import { evaluateOptions as options } from "./evaluate-options.ts";

function failure(data: string, more: Partial<EvaluateOptions> = {}): LuakitError {
  try {
    evaluate(options(data, more));
  } catch (error) {
    if (error instanceof LuakitError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

test("gives the exported state with its config, and what the script warned of", () => {
  const script = 'bk.warn("old")\nbk.export(bk.scratch():mkdir("/a"), {user = "app"})';
  const { targets, warnings } = evaluate(options(script));
  expect(targets).toMatchObject([{ config: { user: "app" } }]);
  expect(warnings).toMatchObject([{ message: "old", position: { file: "build.lua", line: 1 } }]);
});

test("what is left undone is shown at the script's last line", () => {
  expect(failure("local a = 1\nlocal b = 2\n\n")).toMatchObject({
    code: "script.export",
    position: { file: "build.lua", line: 2 },
  });
});

test("build arguments go before host variables; one hint names what was held back", () => {
  const script = 'bk.log(os.getenv("A"), os.getenv("B"), os.getenv("C"), os.getenv("D"))\nbk.export(bk.scratch())';
  const lines: string[] = [];
  const { hints } = evaluate(
    options(script, {
      buildArguments: new Map([["A", "argument"]]),
      hostVariable: (name) => (name === "B" || name === "A" ? "host" : undefined),
      hostHas: () => true,
      log: (line) => lines.push(line),
    }),
  );
  expect(lines.join("\n")).toMatch(/^argument\s+host\s+nil\s+nil$/);
  expect(hints).toEqual(["build.lua asks for C, which is set here but not passed on: --env C or --build-arg C"]);
});

test("the chosen target is made, or every one of them", () => {
  const script =
    'bk.target("a", {}, function() return bk.scratch():mkdir("/a") end)\nbk.target("b", {}, function() return bk.scratch():mkdir("/b") end)';
  expect(evaluate(options(script, { target: "b" })).targets.map(({ name }) => name)).toEqual(["b"]);
  expect(evaluate(options(script, { everyTarget: true })).targets.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(failure(script).hint).toBe("choose one: --target a or --target b");
});

test("the steps of targets that are named run anew, and those that the script made before do not", () => {
  const script = `
    local shared = bk.image("alpine"):run("shared")
    bk.target("App", {}, function() return shared:run("a"):mkdir("/b"):copy(bk.dockerfile{}, "/", "/") end)`;
  const made = (noCacheTargets: readonly string[]) => {
    const [target] = evaluate(options(script, { noCacheTargets })).targets;
    const found: Record<string, boolean> = {};
    const open = [target?.state.output?.vertex];
    for (let vertex = open.pop(); vertex !== undefined; vertex = open.pop()) {
      const { op } = vertex;
      const name = op.type === "exec" ? op.args.at(-1) : op.type === "file" ? op.actions[0]?.type : op.type;
      found[name ?? ""] = vertex.metadata?.ignoreCache ?? false;
      open.push(...vertex.inputs.map((input) => input.vertex));
    }
    return found;
  };
  const all = { copy: false, mkdir: false, a: false, shared: false, frontend: false, source: false };
  expect(made([])).toEqual(all);
  expect(made(["ap", "Apps"])).toEqual(all);
  expect(made(["x", "aPP"])).toEqual({ ...all, copy: true, mkdir: true, a: true, frontend: true });
});
