import { describe, expect, test } from "bun:test";
import { run } from "../../src/llb/exec.ts";
import { type DockerfileOptions, dockerfile, type FrontendOp, frontend, frontendName } from "../../src/llb/frontend.ts";
import { local } from "../../src/llb/source-local.ts";
import { type State, scratch } from "../../src/llb/state.ts";
import { alpine, attributes } from "./sample.ts";

function opOf({ output }: State): FrontendOp {
  const op = output?.vertex.op;
  if (op?.type !== "frontend") throw new Error("no frontend");
  return op;
}

function dockerfileInput(options: DockerfileOptions): State {
  return opOf(dockerfile(options, {})).inputs.get("dockerfile") ?? scratch;
}

describe("a Dockerfile", () => {
  test("of a local directory is read apart from the rest, with its own ignore file", () => {
    expect(attributes(dockerfileInput({ filename: "/docker/Dockerfile" }))).toEqual({
      "local.differ": "none",
      "local.followpaths": '["docker/Dockerfile","docker/Dockerfile.dockerignore","docker/dockerfile"]',
      "local.sharedkeyhint": "dockerfile",
    });
    expect(attributes(dockerfileInput({ context: "app", filename: "Containerfile" }))["local.followpaths"]).toBe(
      '["Containerfile","Containerfile.dockerignore"]',
    );
  });

  test("is found in a State of a local directory whatever that leaves out", () => {
    const context = local("app", { exclude: ["Dockerfile"] }, {});
    const { inputs, localContext } = opOf(dockerfile({ context }, {}));
    expect(inputs.get("context")).toBe(context);
    expect(localContext).toBeUndefined();
    expect(attributes(dockerfileInput({ context }))["local.excludepatterns"]).toBeUndefined();
  });

  test("of another State is in that State", () => {
    const context = run(alpine, "touch /Dockerfile", {}, {});
    expect(dockerfileInput({ context })).toBe(context);
  });

  test("is called by its path and target where its ops are not known", () => {
    expect(frontendName(opOf(dockerfile({ filename: "./a/Dockerfile" }, {})))).toBe("a/Dockerfile");
    expect(frontendName(opOf(dockerfile({ target: "app" }, {})))).toBe("Dockerfile target app");
    expect(frontendName(opOf(frontend("docker/dockerfile:1", {}, {})))).toBe("docker/dockerfile:1");
  });

  test("gives the settings of what follows, like an image", () => {
    const state = dockerfile({ platform: { os: "linux", architecture: "aarch64" } }, {});
    expect(state.base).toBe(state.output?.vertex);
    expect(state.platform).toEqual({ os: "linux", architecture: "arm64" });
  });
});

test("a frontend's inputs are ordered by name, and scratch is one of them", () => {
  const state = frontend(
    "f",
    {
      inputs: new Map([
        ["b", alpine],
        ["a", scratch],
      ]),
    },
    {},
  );
  expect([...opOf(state).inputs.keys()]).toEqual(["a", "b"]);
  expect(state.output?.vertex.inputs).toHaveLength(1);
});
