import { describe, expect, test } from "bun:test";
import { python } from "../../src/starter/python.ts";
import { folderOf } from "./folder-of.ts";

function scriptOf(files: Readonly<Record<string, string>>): string {
  return python.make(folderOf(files)).script;
}

describe("the image", () => {
  test.each([
    [{ ".python-version": "3.12.4\n" }, "python:3.12.4-slim"],
    [{ "pyproject.toml": '[project]\nrequires-python = ">=3.11,<4"' }, "python:3.11-slim"],
    [{ "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.10"' }, "python:3.10-slim"],
    [{ "requirements.txt": "" }, "python:3.13-slim"],
    [{ "pyproject.toml": "no TOML" }, "python:3.13-slim"],
  ])("of %j is %s", (files, image) => {
    expect(scriptOf(files)).toContain(`bk.image("${image}")`);
  });
});

const project = '[project]\nname = "x"\ndependencies = ["flask"]\n';

describe("packages", () => {
  test.each([
    [
      { "requirements.txt": "", "constraints.txt": "" },
      ['"requirements.txt", "constraints.txt"', "pip install -r requirements.txt"],
    ],
    [{ "uv.lock": "", "pyproject.toml": project }, ['"uv.lock", "pyproject.toml"', '"uv sync --frozen --no-dev"']],
    [
      { "poetry.lock": "", "pyproject.toml": project },
      ['"poetry.lock", "pyproject.toml"', "poetry install --only main"],
    ],
    [{ "pyproject.toml": project }, ['copy(context, { "pyproject.toml" }, "./")', '"pip install --no-deps ."']],
    [{ "pyproject.toml": '[build-system]\nrequires = ["hatchling"]' }, ['"pip install ."', 'copy(context, "/", "./")']],
    [{ "setup.py": "" }, ['"pip install ."', "/root/.cache/pip"]],
  ])("with %j", (files, words) => {
    for (const word of words) expect(scriptOf(files)).toContain(word);
  });

  test("of a project for a Python that cannot read TOML are installed with the project", () => {
    const script = scriptOf({ "pyproject.toml": `${project}requires-python = "==3.9"\n` });
    expect(script).toContain('"pip install ."');
    expect(script).not.toContain("tomllib");
  });
});

describe("the command", () => {
  test.each([
    [{ "pyproject.toml": '[project.scripts]\nmy-tool = "x:main"' }, '{ "my-tool" }'],
    [{ "requirements.txt": "", "app.py": "" }, '{ "python", "app.py" }'],
    [{ "requirements.txt": "", "manage.py": "" }, '{ "python", "manage.py", "runserver", "0.0.0.0:8000" }'],
  ])("of %j is %s", (files, command) => {
    expect(scriptOf(files)).toContain(`cmd = ${command},`);
  });
});
