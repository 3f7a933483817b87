/** Where the definitions are that editors read. */
export const definitionsFile = ".luakit/luakit.lua";

export interface EditorSettings {
  /** Libraries of Lua that the definitions describe instead. */
  readonly changedLibraries: readonly string[];
}

/** The settings of lua-language-server, and of what reads the same file, for a folder with build scripts. */
export function renderEditorSettings({ changedLibraries }: EditorSettings): string {
  const settings = {
    $schema: "https://raw.githubusercontent.com/LuaLS/vscode-lua/master/setting/schema.json",
    "runtime.version": "Lua 5.4",
    "runtime.builtin": Object.fromEntries(changedLibraries.map((name) => [name, "disable"])),
    "type.checkTableShape": true,
    "workspace.library": [definitionsFile.replace(/\/[^/]*$/, "")],
    "workspace.checkThirdParty": false,
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}
