import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { unique } from "../support/build.ts";
import { dockerfileFrontendImage } from "../support/frontend-image.ts";
import { solvedTree, solveFails } from "../support/solved-tree.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(300_000);

const { busybox, configured } = testbed().images;
let source = "";
beforeAll(async () => {
  source = await dockerfileFrontendImage();
});

const withDockerfile = (dockerfile: string) => `bk.scratch():mkfile("/Dockerfile", [[${dockerfile}]])`;

describe.concurrent("a frontend's image", () => {
  test("gets options and inputs, and gives a State to go on from", async () => {
    const { tree } = await solvedTree(`
      local files = ${withDockerfile(`FROM ${busybox}\nARG WORD=none\nENV SAID=$WORD\nWORKDIR /work\nRUN echo $WORD > word\n`)}
      local made = bk.frontend("${source}", {
        opts = {["build-arg:WORD"] = "hello", filename = "Dockerfile"},
        inputs = {context = files, dockerfile = files},
      })
      bk.export(bk.scratch():copy(made:run("echo $SAID in $PWD >> word"), "word", "/word"))`);
    expect(tree.text("word")).toBe("hello\nhello in /work\n");
  });

  test("goes on from the config of an input, as FROM does", async () => {
    const { tree } = await solvedTree(`
      local files = ${withDockerfile("FROM base\nRUN { echo $FOO; pwd; id -un; } > /tmp/said\n")}
      local base = bk.image("${configured}"):run("echo prepared > prepared")
      local made = bk.frontend("${source}", {
        opts = {["context:base"] = "input:base"},
        inputs = {context = files, dockerfile = files, base = base},
      })
      bk.export(bk.scratch():copy(made, {"/tmp/said", "/work/prepared"}, "/"))`);
    expect(tree.text("said")).toBe("from-base\n/work\napp\n");
    expect(tree.text("prepared")).toBe("prepared\n");
  });

  test("reads local directories that are given by its own names for them", async () => {
    const files = { "sub/Dockerfile": `FROM ${busybox}\nCOPY main.txt /main.txt\n`, "sub/main.txt": "main\n" };
    const { tree } = await solvedTree(
      `bk.export(bk.frontend("${source}"))`,
      ["--context", "sub", "--local", "dockerfile=sub"],
      { files },
    );
    expect(tree.text("main.txt")).toBe("main\n");
  });

  test("may be an input of another, and a scratch input is an empty directory", async () => {
    const { tree } = await solvedTree(`
      local function build(text, context, opts)
        local file = bk.scratch():mkfile("/Dockerfile", text)
        return bk.frontend("${source}", {opts = opts, inputs = {context = context, dockerfile = file}})
      end
      local inner = build("FROM ${busybox}\\nCOPY . /files\\nRUN ls -a /files | wc -l > /count\\n", bk.scratch())
      local outer = build("FROM ${busybox}\\nCOPY count /count\\nRUN echo outer >> /count\\n", inner)
      bk.export(bk.scratch():copy(outer, "/count", "/count"))`);
    expect(tree.text("count")).toBe("2\nouter\n");
  });
});

describe.concurrent("what fails in a frontend's image", () => {
  test("is shown in the file that it reads", async () => {
    const { stderr } = await solveFails(`
      local files = ${withDockerfile(`FROM ${busybox}\nRUNN x\n`)}
      bk.export(bk.frontend("${source}", {inputs = {context = files, dockerfile = files}}))`);
    expect(stderr).toMatch(/^Dockerfile:2: .*unknown instruction: RUNN/m);
    expect(stderr).toContain("> 2 | RUNN x");
    expect(stderr).toContain("called from build.lua:5: bk.export(bk.frontend(");
  });

  test("in a step is shown in that file too", async () => {
    const { stderr } = await solveFails(`
      local files = ${withDockerfile(`FROM ${busybox}\nRUN echo ${unique()} && exit 3\n`)}
      bk.export(bk.frontend("${source}", {inputs = {context = files, dockerfile = files}}))`);
    expect(stderr).toMatch(/^Dockerfile:2: .*exit code: 3$/m);
    expect(stderr).toContain("called from build.lua:5: bk.export(bk.frontend(");
  });

  test("is at the script's line: no such image, or one that is no frontend", async () => {
    const none = await solveFails(`bk.export(bk.frontend("${testbed().registry}/none:1"))`);
    expect(none.stderr).toMatch(/^build\.lua:1: .*none:1.*not found/m);
    const other = await solveFails(`bk.export(\n  bk.frontend("${busybox}", {inputs = {a = bk.scratch()}}))`);
    expect(other.stderr).toMatch(/^build\.lua:2: .*moby\.buildkit\.frontend\.inputs/m);
  });
});
