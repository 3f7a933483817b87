import { standardLibrary } from "../api/prelude.ts";
import type { FileRoot } from "./file-root.ts";
import { ModuleFiles } from "./module-files.ts";
import { ScriptSources, type ScriptSourcesOptions } from "./script-sources.ts";

/** What a script asks for; `script` is the directory that it is in. */
export function openSources(script: FileRoot, options: Omit<ScriptSourcesOptions, "modules">): ScriptSources {
  const modules = new ModuleFiles({ script, context: options.main.root, embedded: standardLibrary });
  return new ScriptSources({ ...options, modules });
}
