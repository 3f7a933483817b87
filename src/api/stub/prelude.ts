/**
 * What `require "prelude"` gives: the documented functions of the library's source, without their bodies, and the classes
 * that they name.
 */
export function renderPrelude(source: string): string {
  const blocks = source.split(/\n{2,}/).flatMap((block) => {
    const lines = block.split("\n");
    const docs = lines.filter((line) => line.startsWith("---"));
    const [declared] = lines.filter((line) => !line.startsWith("--"));
    if (docs.length === 0) return [];
    return [[...docs, ...(declared === undefined ? [] : [withoutBody(declared)])].join("\n")];
  });
  return ["---@class prelude\nlocal M = {}", ...blocks, "return M"].join("\n\n");
}

/** `function M.go_base(version) end` of its first line; an alias stays as it is. */
function withoutBody(line: string): string {
  const head = /^function M\.\w+\([^)]*\)/.exec(line)?.[0];
  return head === undefined ? line : `${head} end`;
}
