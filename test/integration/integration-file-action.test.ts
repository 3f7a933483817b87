import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buildByAction, readAction, variableOf } from "../support/action-script.ts";
import { unique } from "../support/build.ts";
import { fetchConfig, fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

describe("action.yml", () => {
  const { inputs, runs } = readAction();

  test("hands every input over in a variable, and none of them as part of a script", () => {
    const variables = Object.assign({}, ...runs.steps.map(({ env = {} }) => env));
    const expected = Object.keys(inputs).map((name) => [variableOf(name), `\${{ inputs.${name} }}`]);
    const { INPUT_INSTALL_ONLY: _, ...handed } = Object.fromEntries(expected);
    expect(variables).toMatchObject(handed);
    expect(runs.steps.filter(({ run = "" }) => run.includes("${{"))).toEqual([]);
  });
});

describe.concurrent("scripts/action/build.sh", () => {
  test("pushes, and gives outputs and a summary", async () => {
    const name = `${testbed().registry}/action/${unique()}`;
    const script = `bk.export(bk.scratch():mkfile("/v", bk.arg("VERSION")), { labels = { kind = "site" } })`;
    const built = await buildByAction(script, {
      tags: `${name}:1, ${name}:2\n\n  ${name}:3  \n`,
      "build-args": "VERSION=1.0 and more",
      labels: "org.example.title=A Site",
      push: "true",
    });
    expect(built.stderr).toContain("Built in");
    expect(built.exitCode).toBe(0);
    const { digest, config } = await fetchManifest(`${name}:3`);
    expect((await fetchManifest(`${name}:1`)).digest).toBe(digest);
    const labels = { kind: "site", "org.example.title": "A Site" };
    expect((await fetchConfig(`${name}:2`)).config.Labels).toEqual(labels);
    expect(built.outputs).toMatchObject({ digest, imageid: config?.digest });
    expect(JSON.parse(built.outputs.metadata ?? "")).toMatchObject({ "containerimage.digest": digest });
    const images = [1, 2, 3].map((tag) => `- image: \`${name}:${tag}\`\n`).join("");
    expect(built.summary).toBe(`### luakit built \`build.lua\`\n\n- digest: \`${digest}\`\n${images}`);
  });

  test("makes one index of several platforms, whose id is its digest", async () => {
    const name = `${testbed().registry}/action/${unique()}:1`;
    const built = await buildByAction("bk.export(bk.scratch())", {
      tags: name,
      platforms: "linux/amd64\nlinux/arm64",
      push: "true",
    });
    expect(built.exitCode).toBe(0);
    const { digest, manifests = [] } = await fetchManifest(name);
    expect(manifests.map(({ platform }) => platform?.architecture)).toEqual(["amd64", "arm64"]);
    expect(built.outputs).toMatchObject({ digest, imageid: digest });
  });

  test("reads nothing of its inputs as shell", async () => {
    const hostile = "$(touch pwned) `touch pwned` \"; touch pwned; ' && touch pwned #";
    const built = await buildByAction(`bk.export(bk.scratch():mkfile("/v", bk.arg("V")):mkfile("/w", bk.arg("W")))`, {
      "build-args": `V=${hostile}\nW=*`,
      labels: `text=${hostile}`,
      outputs: "type=local,dest=out",
      args: "--build-arg=X=$(touch pwned)",
    });
    expect(built.stderr).toContain("Built in");
    expect(built.exitCode).toBe(0);
    expect(built.files).toMatchObject({ "out/v": hostile, "out/w": "*" });
    expect(Object.keys(built.files).sort()).toEqual(["build.lua", "out/v", "out/w"]);
  });

  test("lends secrets that the step has as variables", async () => {
    const mount = `bk.secret("/run/secrets/token")`;
    const step = `bk.image("busybox"):run("tr a-z A-Z < /run/secrets/token > /t; : ${unique()}", { mounts = { ${mount} } })`;
    const inputs = { secrets: "id=token,env=TOKEN", outputs: "type=local,dest=out" };
    const built = await buildByAction(`bk.export(bk.scratch():copy(${step}, "/t", "/"))`, inputs, { TOKEN: "s3cret" });
    expect(built.files["out/t"]).toBe("S3CRET");
    expect(built.stderr).not.toContain("s3cret");
  });

  test("ends as luakit does when the build fails, and gives no outputs", async () => {
    const built = await buildByAction(`bk.export(bk.image("busybox"):run("exit 7"))`, {});
    expect(built.exitCode).toBe(1);
    expect(built.stderr).toContain("build.lua:1");
    expect(built.outputs).toEqual({});
  });

  test("refuses a switch that is neither on nor off", async () => {
    const built = await buildByAction("bk.export(bk.scratch())", { push: "yes" });
    expect(built.exitCode).toBe(1);
    expect(built.stdout).toContain('::error::push is "yes": it must be true or false');
  });
});
