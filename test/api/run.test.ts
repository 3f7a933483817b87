import { expect, test } from "bun:test";
import type { ExecOp } from "../../src/llb/exec.ts";
import { errorOf, targetOf, vertexOf } from "./evaluate.ts";

function execOf(script: string): ExecOp {
  const { op } = vertexOf(script);
  if (op.type !== "exec") throw new Error(`${op.type} of ${script}`);
  return op;
}

test("text runs in the shell, a list as it is", () => {
  expect(execOf('bk.export(bk.image("alpine"):run("a b"))').args).toEqual(["/bin/sh", "-c", "a b"]);
  expect(execOf('bk.export(bk.image("alpine"):run({"a b", ""}))').args).toEqual(["a b", ""]);
});

test("integers keep all of their digits as text", () => {
  const { state } = execOf('bk.export(bk.image("alpine"):run("x", {env = {N = math.maxinteger, F = 1.5, Z = 2.0}}))');
  expect(JSON.stringify(state.env)).toContain('"9223372036854775807"');
  expect([...JSON.stringify(state.env).matchAll(/"value":"([^"]*)"/g)].map(([, value]) => value).sort()).toEqual([
    "1.5",
    "2",
    "9223372036854775807",
  ]);
});

test("settings of the State hold for the steps after it, options for one", () => {
  const script = `local s = bk.image("alpine")
    :with_env({A = "1"}):with_dir("/app"):with_dir("src"):with_user(1000):with_shell({"/bin/bash", "-c"})
    :with_hostname("h"):with_network("none"):with_security("insecure"):with_hosts({db = "10.0.0.5"})
    :for_platform("linux/arm/v7")
  bk.export(s:run("x", {cwd = "once", user = "root", env = {B = "2"}}):run("y"))`;
  const op = execOf(script);
  expect(op.args).toEqual(["/bin/bash", "-c", "y"]);
  expect(op.state).toMatchObject({
    env: { name: "A", value: "1" },
    dir: "/app/src",
    user: "1000",
    hostname: "h",
    network: "none",
    security: "insecure",
    hosts: [{ name: "db", address: "10.0.0.5" }],
    platform: { architecture: "arm", variant: "v7" },
  });
});

test("vertices know their line and the line that called it", () => {
  const script =
    'local function build(s)\n  return s:run("x")\nend\nlocal built = build(bk.image("alpine"))\nbk.export(built)';
  expect(vertexOf(script).location).toMatchObject({ line: 2, caller: { line: 4 } });
});

test("a writable bind mount leaves a State", () => {
  const script = `local after = bk.image("alpine"):run("x", {mounts = {bk.bind(bk.scratch(), "/out/", {readonly = false})}})
  bk.export(after:mount("/out"))`;
  const { state } = targetOf(script);
  expect(state.output?.vertex.op.type).toBe("exec");
  expect(state.output?.index).toBe(1);
});

test("sources take images by their familiar names", () => {
  const identifier = (name: string) => {
    const { op } = vertexOf(`bk.export(bk.image("${name}"))`);
    return op.type === "source" ? op.identifier : op.type;
  };
  expect(identifier("alpine")).toBe("docker-image://docker.io/library/alpine:latest");
  expect(identifier("ghcr.io/me/app:1")).toBe("docker-image://ghcr.io/me/app:1");
  expect(identifier("localhost:5000/app")).toBe("docker-image://localhost:5000/app:latest");
});

test("an error names the innermost line of the script", () => {
  const { position, callers } = errorOf('local function build(s)\n  return s:run(7)\nend\nbuild(bk.image("alpine"))');
  expect(position?.line).toBe(2);
  expect(callers.map(({ line }) => line)).toEqual([4]);
});
