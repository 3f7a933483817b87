import { resolve } from "node:path";
import { type CommandResult, capture } from "../../scripts/testbed/command.ts";
import { installPrograms, needProgram } from "../../scripts/testbed/debian.ts";
import { buildGoTool } from "../../scripts/testbed/go-tool.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";

/** Checks workflows of GitHub Actions, their shell scripts too; exit code 0 and no output when nothing is wrong. */
export async function actionlint(files: readonly string[]): Promise<CommandResult> {
  const { program, shellcheck } = await tools();
  return capture([program, "-no-color", `-shellcheck=${shellcheck}`, "-pyflakes=", ...files]);
}

/** Built and installed once, whoever asks first. */
async function tools(): Promise<{ readonly program: string; readonly shellcheck: string }> {
  const place = { ...findPlace(), scripts: resolve(import.meta.dir) };
  return locked(place.cache, async () => {
    await installPrograms({ shellcheck: "shellcheck" });
    const program = await buildGoTool(place, {
      module: "actionlint",
      version: "v1.7.12",
      package: "github.com/rhysd/actionlint/cmd/actionlint",
      versionVariable: "github.com/rhysd/actionlint.version",
    });
    return { program, shellcheck: needProgram("shellcheck") };
  });
}
