import { type Folder, imageName } from "./folder.ts";
import { head, imageCommands, joinParts, list, quote } from "./script-text.ts";
import type { Recipe } from "./starter.ts";
import { readToml, type Toml } from "./toml.ts";

const newest = "3.13";

/** How packages get into the image: from which files, with which command, and what installs the project itself. */
interface Installation {
  readonly tool: string;
  readonly files: readonly string[];
  readonly prepare?: string;
  readonly install?: string;
  readonly cache: string;
  readonly project?: string;
}

export const python: Recipe = {
  kind: "python",
  files: ["pyproject.toml", "requirements.txt", "setup.py", "Pipfile"],
  make(folder) {
    const project = readToml(folder, "pyproject.toml");
    const version = pythonVersion(folder, project);
    const installation = findInstallation(folder, project, version?.text ?? newest);
    const name = imageName(project.at("project", "name").text ?? folder.name);
    const commands = imageCommands(name);
    const [source] = installation.files;
    return {
      saw: [
        version === undefined ? `no version of Python, so ${newest}` : `${version.file}: Python ${version.text}`,
        `${source ?? "no requirements"}: ${installation.tool}`,
      ],
      script: joinParts([
        head(`${name}: a Python program with its packages.`, commands),
        renderInstall(version?.text ?? newest, installation),
        renderExport(findCommand(folder, project)),
      ]),
      ignored: ["**/__pycache__", "**/*.pyc", "/.venv", "/venv", "/.pytest_cache", "/*.egg-info", "/out"],
      commands,
    };
  },
};

interface Version {
  readonly file: string;
  readonly text: string;
}

/** The version that the folder asks for; of a range its lowest, without the patch. */
function pythonVersion(folder: Folder, project: Toml): Version | undefined {
  const pinned = /^(?:cpython-)?(3\.\d+(?:\.\d+)?)\s*$/m.exec(folder.read(".python-version") ?? "")?.[1];
  if (pinned !== undefined) return { file: ".python-version", text: pinned };
  const range = project.at("project", "requires-python").text ?? poetry(project, "dependencies", "python").text ?? "";
  const text = /(?:>=|~=|==|\^|~)?\s*(3\.\d+)/.exec(range)?.[1];
  return text === undefined ? undefined : { file: "pyproject.toml", text };
}

function poetry(project: Toml, ...path: readonly string[]): Toml {
  return project.at("tool", "poetry", ...path);
}

function findInstallation(folder: Folder, project: Toml, version: string): Installation {
  const pip = { tool: "pip", cache: "/root/.cache/pip" };
  const itself = project.at("build-system").isThere || folder.has("setup.py");
  if (folder.has("uv.lock")) {
    const sync = "uv sync --frozen --no-dev";
    const install = `${sync} --no-install-project`;
    const files = ["uv.lock", "pyproject.toml"];
    return { tool: "uv", files, prepare: "pip install uv", install, cache: "/root/.cache/uv", project: sync };
  }
  if (folder.has("poetry.lock")) {
    const install = "poetry config virtualenvs.create false && poetry install --only main --no-root";
    const files = ["poetry.lock", "pyproject.toml"];
    return { tool: "poetry", files, prepare: "pip install poetry", install, cache: "/root/.cache/pypoetry" };
  }
  if (folder.has("requirements.txt")) {
    const further = folder.list().filter((name) => /^(?:requirements-base|constraints).*\.txt$/.test(name));
    const project = itself ? { project: "pip install --no-deps ." } : {};
    return { ...pip, files: ["requirements.txt", ...further], install: "pip install -r requirements.txt", ...project };
  }
  const files = ["pyproject.toml", "setup.py"].filter((name) => folder.has(name));
  const needsPackages = project.at("project", "dependencies").items.length > 0;
  // Before 3.11 Python cannot read the file, and pip itself says no more than what a whole project needs.
  if (needsPackages && Number(version.split(".")[1]) >= 11) {
    return { ...pip, files, install: installListed, project: "pip install --no-deps ." };
  }
  return { ...pip, files, ...(itself || project.at("project").isThere ? { project: "pip install ." } : {}) };
}

const installListed = [
  `python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\\n")'`,
  "> /tmp/requirements.txt && pip install -r /tmp/requirements.txt",
].join(" ");

function renderInstall(version: string, { files, prepare, install, cache, tool, project }: Installation): string {
  const prepared =
    prepare === undefined
      ? ""
      : `\n  :run(${quote(prepare)}, { mounts = { bk.cache("/root/.cache/pip", { id = "pip" }) } })`;
  const itself = project === undefined ? "" : `:run(${quote(project)}, { mounts = { cache } })`;
  const installed =
    install === undefined
      ? `local app = base:copy(context, "/", "./")${itself}`
      : `-- Packages are installed again only when one of these files changes.
local installed = base
  :copy(context, ${list(files)}, "./")
  :run(${quote(install)}, { mounts = { cache } })
local app = installed:copy(context, "/", "./")${itself}`;
  const usesCache = (install ?? project) !== undefined;
  // Without a virtual environment of its own: the image is one.
  const environment =
    tool === "uv" ? `{ UV_PROJECT_ENVIRONMENT = "/usr/local" }` : `{ PIP_ROOT_USER_ACTION = "ignore" }`;
  return `local context = bk.local_("context")
local base = bk.image(${quote(`python:${version}-slim`)})
  :with_dir("/app")
  :with_env(${environment})${prepared}
${usesCache ? `local cache = bk.cache(${quote(cache)}, { id = ${quote(tool)} })\n` : ""}
${installed}`;
}

function renderExport(command: readonly string[] | undefined): string {
  return `bk.export(app, {
${command === undefined ? "" : `  cmd = ${list(command)},\n`}  env = { PYTHONUNBUFFERED = "1" },
  workdir = "/app",
  user = "1000:1000",
})`;
}

/** The project's own command, else a file that is named as programs are. */
function findCommand(folder: Folder, project: Toml): readonly string[] | undefined {
  const [script] = [...project.at("project", "scripts").keys, ...poetry(project, "scripts").keys];
  if (script !== undefined) return [script];
  const file = ["main.py", "app.py", "server.py", "manage.py"].find((name) => folder.has(name));
  if (file === undefined) return undefined;
  return file === "manage.py" ? ["python", file, "runserver", "0.0.0.0:8000"] : ["python", file];
}
