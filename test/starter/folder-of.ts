import type { Folder } from "../../src/starter/folder.ts";

/** A folder `demo` with these files. */
export function folderOf(files: Readonly<Record<string, string>>): Folder {
  const names = Object.keys(files);
  const below = (name: string) => (name === "." ? "" : `${name.replace(/^\.\//, "")}/`);
  const clean = (name: string) => name.replace(/^\.\//, "");
  return {
    name: "demo",
    has: (name) => names.some((each) => each === clean(name) || each.startsWith(`${clean(name)}/`)),
    read: (name) => files[clean(name)],
    list: (name = ".") => {
      const inside = names.filter((each) => each.startsWith(below(name)));
      return [...new Set(inside.map((each) => each.slice(below(name).length).split("/")[0] ?? ""))].sort();
    },
  };
}
