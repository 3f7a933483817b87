import { places } from "./dictionary.ts";

/** The beginning of every script: where the states, mounts and platforms that it makes are kept, and how calls are tried. */
export const head = [
  ...Object.entries(places).map(([name, value]) => `local ${name} = bk.arg("${name}", ${JSON.stringify(value)})`),
  "local S, M, P, leaked = {}, {}, {}, nil",
  "local cycle, deep = {}, {}",
  "cycle.self = cycle",
  "for _ = 1, 1000 do deep = {deep} end",
  "local function keep(v) local t = getmetatable(v) if t == 'State' then S[#S + 1] = v end if t == 'Mount' then M[#M + 1] = v end if t == 'Platform' then P[#P + 1] = v end end",
  "local function try(f, ...) local r = table.pack(pcall(f, ...)) if r[1] then if type(r[2]) == 'userdata' then return r[2] end elseif type(r[2]) == 'string' then print('E ' .. r[2]) end end",
];
