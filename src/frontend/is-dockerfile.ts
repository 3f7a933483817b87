const instruction =
  /^[ \t]*(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)(?=[ \t]|$)/i;

/** A name in quotes is a call to Lua too, but of a function that no script has before its first statement. */
const quotedImage = /^[ \t]*FROM[ \t]+(?:"[^"]*"|'[^']*')(?:[ \t]+AS[ \t]+\S+)?[ \t]*$/i;

/**
 * Whether a build file is a Dockerfile and not Lua: its first word is an instruction, and what comes next cannot follow
 * a name at the start of a Lua statement.
 */
export function isDockerfile(text: string): boolean {
  const code = skipHead(text.replace(/^\uFEFF/, ""));
  const [line = ""] = code.split("\n", 1);
  const [word] = instruction.exec(line) ?? [];
  if (word === undefined) return false;
  return quotedImage.test(line.trimEnd()) || !isLuaAfterName(skipLuaComments(code.slice(word.length)));
}

/** What a Dockerfile and a Lua file may both start with: directives, and a Dockerfile's comments and blank lines. */
function skipHead(text: string): string {
  return text.replace(/^(?:[ \t]*(?:#[^\n]*)?\r?\n)+/, "");
}

/** A flag, such as that of `FROM --platform=linux/amd64 busybox`, is a comment in Lua. */
function skipLuaComments(code: string): string {
  return code.replace(/^(?:\s|--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*)+/, "");
}

/** An assignment, an index, a call or an attribute; not a comparison. */
function isLuaAfterName(rest: string): boolean {
  return /^(?:=(?!=)|,|\.(?!\.)|:(?!:)|\(|\{|"|'|\[)/.test(rest);
}
