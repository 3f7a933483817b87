import type { ScriptFile } from "./position.ts";

/** Where a module was found; `path` identifies the file, so that it is loaded once under any name. */
export interface FoundModule {
  readonly file: ScriptFile;
  readonly path: string;
}

/** Answers `require`: the module, or every place that was looked at. */
export interface ModuleSource {
  find(name: string): { readonly found: FoundModule } | { readonly tried: readonly string[] };
}
