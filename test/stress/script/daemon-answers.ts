/** What an answer of a daemon says about the Definition that it was given. */
export type Answer = "built" | "honest" | "finding";

/** A daemon that could not make sense of what it was given, or fell over it; whatever else it says. */
const malformed = [
  /failed to (?:unmarshal|decode|parse|load LLB)/i,
  /invalid (?:LLB|input|user index|mount|action|definition|digest|UTF-8|wire|argument|cache|reference|config|mode)/i,
  /no support for|unsupported/i,
  /out of range/,
  /runtime error|panic|nil pointer|SIGSEGV/,
  /unknown (?:API )?capability/i,
  /digest mismatch/i,
  /missing input|input .* not found|no root mount|arguments are required|has no input/i,
  /proto:|protobuf/i,
  /connection (?:reset|closed)|closing transport|\bEOF\b|Unavailable/,
  /has a bug/,
];

/** Words that look like the above, and are no news about a Definition. */
const known: Readonly<Record<string, RegExp>> = {
  "a checksum that the script made up": /digest mismatch sha256:\w+: sha256:a{64}/,
  "a device that is not there": /required device "vendor\.com\/\w+=?\w*" is not registered|CDI device/,
  "scratch, which buildctl refuses": /empty definition sent to build/,
  "a directory that was not given": /no access allowed to dir "/,
  "fewer layers than the script takes": /layer limit \d+ is greater than the number of layers/,
  "a registry that is not there": /dial tcp: lookup \S+(?: on \S+)?: (?:no such host|server misbehaving)|i\/o timeout/,
};

/** What a daemon from before a capability says: luakit before it sends anything, the daemon to buildctl. */
const old: Readonly<Record<string, RegExp>> = {
  "a user that is not there": /unable to find (?:user|group) \S+: invalid argument/,
  "a daemon that is too old":
    /the BuildKit daemon does not support "[\w.]+"|unknown API capability (?:exec\.|source\.|file\.)\S+/,
};

/** Failures that a right Definition may have: of what its steps do, and of what is not there. */
const honest: Readonly<Record<string, RegExp>> = {
  "a step's exit code": /did not complete successfully: exit code: \d+/,
  "a program that is not there":
    /executable file not found|stat \/bin\/sh: no such file|exec: ".*": (?:no such file|permission denied|is a directory)|exec format error/,
  "a path in the way":
    /file exists|not a directory|is a directory|directory not empty|too many levels of symbolic links|file name too long/,
  "a path that is not there":
    /no such file or directory|"[^"]*": not found|lstat .*: not found|not found: not found|failed to calculate checksum|required path|does not exist|: \/\S+ not found/,
  "a user that is not there": /unable to find (?:user|group)|no users found|invalid user/,
  "a layout that was not given": /unknown store|no such oci layout|--oci-layout/i,
  "an image that is not there":
    /failed to resolve source metadata|no match for platform|pull access denied|not found in registry|connection refused/,
  "a platform that cannot be run": /exec format error/,
  "a secret that is not there": /secret \S+: not found|no secret|--secret/,
  "an agent that is not there": /no SSH key|unset ssh forward key|--ssh/i,
  "a ref that is not there": /repository does not contain ref /,
  "a digest that does not match": /digest does not match|did not match|checksum/,
  "a device that is not there": /CDI device|cdi/i,
  "a limit of the machine": /operation not permitted|rlimit|error setting rlimits/,
};

/** What kind of answer it is, and the words that say so. */
export function classify(
  exitCode: number,
  text: string,
  isOld = false,
): { readonly answer: Answer; readonly why: string } {
  if (exitCode === 0) return { answer: "built", why: "" };
  // What the script printed about calls that it tried itself is no answer of the daemon.
  const lines = text.split("\n").filter((line) => /^(?:#\d+ ERROR: |error: |[\w./]+\.lua:\d+: )/.test(line));
  const shown = lines.slice(-4).join(" | ");
  const plain = Object.entries(isOld ? { ...known, ...old } : known);
  for (const [name, pattern] of plain) if (pattern.test(shown)) return { answer: "honest", why: name };
  for (const pattern of malformed) if (pattern.test(shown)) return { answer: "finding", why: `${pattern}: ${shown}` };
  for (const [name, pattern] of Object.entries(honest)) if (pattern.test(shown)) return { answer: "honest", why: name };
  return { answer: "finding", why: shown === "" ? text.slice(-500) : shown };
}
