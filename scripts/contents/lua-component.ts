import { readFileSync } from "node:fs";
import type { Component } from "./component.ts";

// The module carries neither texts nor full versions, only what can be seen in its bytes.
const luaCopyright = "Copyright (C) 1994-2023 Lua.org, PUC-Rio.";
const muslCopyright = "Copyright (C) 2005-2020 Rich Felker, et al.";
const emscriptenCopyright = "Copyright (c) 2010-2014 Emscripten authors, see AUTHORS file.";

/** What the WebAssembly of wasmoon is made of. */
export function luaComponents(wasm: string): readonly Component[] {
  const bytes = readFileSync(wasm, "latin1");
  const version = /Lua (5\.\d)/.exec(bytes)?.[1];
  if (version === undefined || !bytes.includes("emscripten_")) throw new Error(`${wasm} is no Lua made by Emscripten`);
  const part = { license: "MIT", contains: [] };
  return [
    { ...part, name: "Lua", version, homepage: "https://www.lua.org", supplier: "Lua.org", text: mit(luaCopyright) },
    {
      ...part,
      name: "Emscripten",
      homepage: "https://emscripten.org",
      comment: "its system libraries; under the University of Illinois licence as well",
      text: mit(emscriptenCopyright),
    },
    { ...part, name: "musl", homepage: "https://musl.libc.org", comment: "of Emscripten", text: mit(muslCopyright) },
  ];
}

function mit(copyright: string): string {
  return readFileSync("LICENSE", "utf8").replace(/^Copyright.*$/m, copyright);
}
