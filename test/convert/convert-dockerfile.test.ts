import { describe, expect, test } from "bun:test";
import { convertDockerfile } from "../../src/convert/convert-dockerfile.ts";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { evaluate } from "../api/evaluate.ts";

function convert(...lines: readonly string[]) {
  return convertDockerfile(`${lines.join("\n")}\n`, { name: "Dockerfile" });
}

/** The script without its head. */
function scriptOf(...lines: readonly string[]): string {
  return convert(...lines).script.replace(/^.*\n\n/, "");
}

function errorOf(...lines: readonly string[]): LuakitError {
  try {
    convert(...lines);
  } catch (error) {
    if (error instanceof LuakitError) return error;
    throw error;
  }
  throw new Error("it is converted");
}

describe("stages", () => {
  test("one without a name is exported", () => {
    expect(scriptOf("FROM busybox", "RUN true", 'CMD ["a"]')).toBe(
      'local image = bk.image("busybox"):run("true")\n\nbk.export(image, { cmd = { "a" } })\n',
    );
  });

  test("those with names are targets, the last one the default", () => {
    expect(scriptOf("FROM a AS one", "FROM one AS Two")).toBe(
      'local one = bk.image("a")\n\nlocal two = one\n\nbk.target("one", function()\n  return one\nend)\n\n' +
        'bk.target("two", { default = true }, function()\n  return two\nend)\n',
    );
  });

  test("may be chosen by an argument", () => {
    const lines = ["ARG V=a", "FROM busybox AS on-a", "RUN a", "FROM busybox AS on-b", "RUN b", "FROM on-$V", "RUN c"];
    expect(scriptOf(...lines)).toContain(
      'local image_stages = { ["on-a"] = on_a, ["on-b"] = on_b }\n' +
        'local image = (image_stages["on-" .. v] or bk.image("on-" .. v)):run("c")',
    );
    expect(convert(...lines).warnings).toEqual([]);
    expect(convert(...lines.slice(0, 5), "CMD b", ...lines.slice(5)).warnings).toEqual([
      {
        line: 7,
        message: 'FROM: "on-$V" may be several stages: the config is always that of "on-a"',
      },
    ]);
  });

  test("names that Lua has are left alone", () => {
    const script = scriptOf("FROM a AS end", "FROM b AS bk", "FROM c AS string", "COPY --from=end x y");
    expect(script).toContain(
      'local _end = bk.image("a")\n\nlocal bk_2 = bk.image("b")\n\nlocal string_2 = bk.image("c")',
    );
    expect(script).toContain("copy(_end,");
  });

  test("a FROM may use what the platform is", () => {
    expect(scriptOf("FROM --platform=$BUILDPLATFORM a:$TARGETARCH")).toContain(
      'local targetarch = bk.arg("TARGETARCH", tostring(bk.target_platform()):match("^[^/]+/([^/]+)"))\n' +
        'local image = bk.image("a:" .. targetarch, { platform = bk.build_platform() })',
    );
  });
});

describe("arguments", () => {
  test("are asked for once, whoever declares them", () => {
    const script = scriptOf("ARG V=1", "FROM a AS one", "ARG V", "LABEL v=$V", "FROM b", "ARG V=1", "LABEL v=$V");
    expect(script.match(/bk\.arg/g)).toHaveLength(1);
  });

  test("that an image's name needs are required", () => {
    expect(scriptOf("ARG TAG", "FROM busybox:${TAG}")).toContain('bk.arg("TAG", { required = true })');
    expect(scriptOf("ARG TAG", "FROM busybox:${TAG:-1}")).toContain('bk.arg("TAG")');
  });

  test("may have another default in each stage", () => {
    const script = scriptOf("FROM a AS one", "ARG V=1", "LABEL v=$V", "FROM b", "ARG V=2", "LABEL v=$V");
    expect(script).toContain('local v = bk.arg("V")\nlocal v_2 = v or "1"\n');
    expect(script).toContain('local v_3 = v or "2"\n');
  });

  test("are variables of steps, where there are steps", () => {
    expect(scriptOf("FROM a", "ARG V", "RUN true")).toContain(":with_args({ V = v })");
    expect(scriptOf("FROM a", "RUN true", "ARG V", "LABEL v=$V")).toContain('labels = { v = v or "" }');
    expect(scriptOf("FROM a", "ARG V", "LABEL v=$V")).not.toContain("with_args");
  });
});

describe("variables of ENV", () => {
  const envOf = (...lines: string[]) => /:with_env\((.*)\)/.exec(scriptOf("FROM a", ...lines))?.[1];

  test("are a table where the image has them in that order", () => {
    expect(envOf("ENV A=1 B_C=2 b=3")).toBe('{ A = "1", B_C = "2", b = "3" }');
  });

  test("are a list where a table would not keep the order", () => {
    expect(envOf("ENV B=1 A=2")).toBe('{ "B=1", "A=2" }');
    expect(envOf("ENV B=1 A=/x:$PATH")).toBe('{ "B=1", "A=/x:$PATH" }, { expand = true }');
    expect(envOf("ARG V", "ENV B=$V A=x$V C=${V:-d}")).toBe(
      '{ "B=" .. (v or ""), "A=x" .. (v or ""), "C=" .. bk.expand("${V:-d}", { V = v }) }',
    );
    expect(envOf("ARG V=1", "ENV B=$V$V A=${V}")).toBe('{ "B=" .. v .. v, "A=" .. v }');
  });
});

describe("shell commands", () => {
  test("keep their lines where a shell reads them the same", () => {
    expect(scriptOf("FROM a", "RUN one && \\", "    two && \\", "      three")).toContain(
      ":run([[\n  one && \\\n    two && \\\n      three\n]])",
    );
  });

  test("keep their tabs where a shell sees them", () => {
    expect(scriptOf("FROM a", "RUN \tprintf 'a\tb' && \\", '\t  printf "$(x "\tc")"\t&& \\', "\ttwo")).toContain(
      ':run([[\n  printf \'a\tb\' && \\\n      printf "$(x "\tc")"\t&& \\\n    two\n]])',
    );
  });

  test("are one line for a program that may not know lines that go on", () => {
    const lines = ["RUN one && \\", "  two"];
    expect(scriptOf("FROM a", 'SHELL ["/usr/bin/python3", "-c"]', ...lines)).toContain(':run("one &&   two")');
    expect(scriptOf("FROM a", 'SHELL ["/bin/bash", "-c"]', ...lines)).toContain(":run([[\n");
  });

  test.each([
    ["a quote over two lines", "RUN echo 'a \\", "b'"],
    ["a comment", "RUN one # two \\", " && three"],
    ["a word over two lines", "RUN ec\\", "ho"],
    ["a command in a command", "RUN echo `x && \\", "y`"],
    ["a quote in a command in a quote", 'RUN echo "$(echo "a \\', '  b")"'],
    ["a quote after a backslash in a quote", "RUN echo 'a\\' 'b \\", "  c'"],
    ["a default", "RUN echo ${X:-a \\", "  b}"],
    ["a comment after a semicolon", "RUN true;# two \\", " && three"],
    ["a quote with escapes", "RUN echo $'a\\'b \\", "  c'"],
    ["a space that is none for a shell", "RUN echo a\u00a0\\", "b"],
  ])("are one line where it would not: %s", (_, first, second) => {
    expect(scriptOf("FROM a", first, second)).not.toContain(":run([[");
  });
});

describe("what is not converted", () => {
  test("is a warning with its line, and a comment at the place", () => {
    const { script, warnings } = convert("FROM a", "RUN true", "VOLUME data", "RUN false");
    expect(warnings).toEqual([{ line: 3, message: 'VOLUME: "data" is not an absolute path' }]);
    expect(script).toContain('  -- NOT CONVERTED (line 3): VOLUME: "data" is not an absolute path\n  :run("false")');
  });

  test.each([
    ["FROM a\nUSER $WHO", "USER: $WHO is not set in the Dockerfile"],
    ["FROM a:onbuild", "FROM: ONBUILD triggers of the base image are not run"],
    ["FROM a\nRUN --mount=type=cache,target=/a,ro true", "RUN: a cache mount can always be written to"],
    ["# syntax=example.com/other\nFROM a", "syntax: another frontend, example.com/other"],
  ])("%j: %s", (text, message) => {
    const { script, warnings } = convertDockerfile(text, { name: "Dockerfile" });
    expect(warnings.map((each) => each.message).join()).toContain(message);
    expect(script).toContain("NOT CONVERTED");
  });
});

describe("mistakes", () => {
  test.each([
    [2, 'unknown instruction "RUM" (did you mean "RUN"?)', ["FROM a", "RUM x"]],
    [2, 'unknown flag "--form" (did you mean "--from"?)', ["FROM a", "COPY --form=b x y"]],
    [1, "RUN comes before FROM", ["RUN x", "FROM a"]],
    [1, "there is no FROM", ["ARG A=1"]],
    [1, "FROM takes an image", ["FROM a b"]],
    [1, '"9x" cannot be the name of a stage', ["FROM a AS 9x"]],
    [2, "COPY needs a source and a destination", ["FROM a", "COPY x"]],
    [2, "there is no stage 3 before this one", ["FROM a", "COPY --from=3 x y"]],
    [2, "--from takes no variables", ["FROM a", "COPY --from=$X x y"]],
    [2, 'the heredoc "EOF" is not ended', ["FROM a", "RUN <<EOF", "x"]],
    [3, 'ENV: "b" is not name=value', ["FROM a", "", "ENV a=1 b"]],
    [2, "ENV needs a name and a value", ["FROM a", "ENV a"]],
    [2, 'EXPOSE: "http" is not a port', ["FROM a", "EXPOSE http"]],
    [2, '--mount has no type "bin"', ["FROM a", "RUN --mount=type=bin,target=/x y"]],
    [2, "SHELL takes a list", ["FROM a", "SHELL bash -c"]],
    [2, "an array has something that is no text", ["FROM a", "CMD [1]"]],
    [2, "X: must be", ["FROM scratch", 'LABEL a="${X:?must be}"']],
    [2, 'HEALTHCHECK: "x" is not a duration', ["FROM a", "HEALTHCHECK --interval=x CMD y"]],
    [2, "ONBUILD FROM is not allowed", ["FROM a", "ONBUILD FROM b"]],
    [2, "LABEL needs a name and a value", ["FROM a", 'ONBUILD LABEL "a"]']],
    [2, 'ENV: "b" is not name=value', ["FROM a", "ONBUILD ENV a=1 b"]],
    [1, "the escape character is", ["# escape=x", "FROM a"]],
    [1, "the escape character is", ["# escape=`/\rx", "FROM a"]],
    [2, 'the directive "escape" is there twice', ["# escape=`", "# escape=`", "FROM a"]],
  ])("line %i: %s", (line, message, lines) => {
    const { position, message: said, code } = errorOf(...lines);
    expect(said).toContain(message);
    expect({ code, file: position?.file, line: position?.line }).toEqual({
      code: "convert.syntax",
      file: "Dockerfile",
      line,
    });
    expect(position?.source).toContain(lines[0] ?? "");
  });
});

test("a comment is one line of Lua, whatever is in it", () => {
  expect(scriptOf("FROM a", "# b\rprint(1)", "RUN c")).toContain("-- b print(1)\n");
});

test.each([
  ["its own stage", ["FROM a AS b", "COPY --from=b /c /d"], "that is the stage itself"],
  ["a stage that comes later", ["FROM a", "COPY --from=b /c /d", "FROM c AS b"], "that stage comes later"],
])("nothing is copied from %s", (_, lines, problem) => {
  expect(errorOf(...lines).message).toBe(`--from=b: ${problem}`);
});

test("a heredoc may follow brackets that are no list", () => {
  expect(errorOf("FROM a", 'COPY ["a" <<E ["b"]').message).toContain('the heredoc "E" is not ended');
  expect(scriptOf("FROM a", 'RUN ["echo", "<<E"]')).toContain('"<<E"');
});

test("a mistake in a trigger is told where the trigger runs", () => {
  const { message, position } = errorOf("FROM a AS b", "ONBUILD ARG =x", "FROM b");
  expect([position?.line, message]).toEqual([3, 'ARG: "=x" has no name']);
  expect(scriptOf("FROM a AS b", "ONBUILD ARG =x")).toContain("onbuild");
});

test("stages of one name, each of which starts from the one before, take no time", () => {
  const stages = Array.from({ length: 200 }, () => "FROM a AS a");
  expect(scriptOf(...stages).match(/bk\.image/g)?.length).toBe(1);
});

test("whatever is in a Dockerfile, the converter says what is wrong or gives Lua that runs", () => {
  const words = [
    ..."FROM RUN COPY ADD ENV ARG LABEL CMD ENTRYPOINT WORKDIR USER EXPOSE VOLUME SHELL HEALTHCHECK ONBUILD STOPSIGNAL".split(
      " ",
    ),
    ...[
      "busybox",
      "scratch",
      "AS",
      "one",
      "two",
      "a=b",
      "$A",
      "${A:-x}",
      "${A#p}",
      "${A",
      "'q",
      '"a b"',
      '["a", "b"]',
      "[1]",
    ],
    ...[
      "--from=one",
      "--mount=type=cache,target=/c",
      "--chown=1:1",
      "--link",
      "/a/",
      ".",
      "*",
      "<<EOF",
      "\\",
      "#",
      "é☃",
      "]]",
    ],
    ...[
      "\n",
      "\n",
      "\n",
      "\nEOF\n",
      "\\\n",
      "\t",
      "8080/udp",
      "A=1",
      "CMD",
      "NONE",
      "--interval=3s",
      "https://x.y/z.tgz",
    ],
  ];
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  let converted = 0;
  for (let turn = 0; turn < 1500; turn++) {
    const count = 2 + random(14);
    const body = Array.from({ length: count }, () => words[random(words.length)]).join(" ");
    const text = `ARG A\nFROM busybox AS one\n${body.replaceAll("\n ", "\n")}\n`;
    try {
      const { script } = convertDockerfile(text, { name: "Dockerfile" });
      if (converted++ < 60) expectLua(script, text);
    } catch (error) {
      if (!(error instanceof LuakitError) || error.code !== "convert.syntax") throw new Error(text, { cause: error });
    }
  }
  expect(converted).toBeGreaterThan(100);
}, 60_000);

/** What the API refuses may be refused; what Lua itself cannot read may not. */
function expectLua(script: string, text: string): void {
  try {
    evaluate(script);
  } catch (error) {
    if (error instanceof LuakitError && error.code !== "script.syntax" && error.code !== "script.runtime") return;
    throw new Error(`${text}\n${script}`, { cause: error });
  }
}
