import { expect, test } from "bun:test";
import { join } from "node:path";
import type { FlagContext } from "../../src/client/flag-context.ts";
import { parseSsh } from "../../src/client/ssh-flag.ts";
import { complaintOf, inFlagDirectory } from "./flags.ts";

/** Calls with a directory that has two agents' sockets, two keys and a directory. */
function withAgents(use: (context: FlagContext) => void): Promise<void> {
  return inFlagDirectory({ key: "k", other: "k", "dir/x": "" }, (context) => {
    const listeners = ["agent", "second"].map((name) =>
      Bun.listen({ unix: join(context.cwd, name), socket: { data() {} } }),
    );
    try {
      use({ ...context, variables: { SSH_AUTH_SOCK: join(context.cwd, "agent") } });
    } finally {
      for (const listener of listeners) listener.stop(true);
    }
  });
}

const agent = { socket: "agent", raw: false };

test.each([
  ["default", { id: "default", ...agent }],
  ["", { id: "default", ...agent }],
  ["=key", { id: "default", keys: ["key"] }],
  ["deploy", { id: "deploy", ...agent }],
  ["deploy=", { id: "deploy", ...agent }],
  ["deploy=agent", { id: "deploy", ...agent }],
  ["deploy=second,raw=true", { id: "deploy", socket: "second", raw: true }],
  ["deploy=raw=1,second", { id: "deploy", socket: "second", raw: true }],
  ["deploy=second,raw=false", { id: "deploy", socket: "second", raw: false }],
  ["deploy=key", { id: "deploy", keys: ["key"] }],
  ["deploy=key,other", { id: "deploy", keys: ["key", "other"] }],
])("%j", async (value, source) => {
  await withAgents((context) => {
    const here = JSON.parse(JSON.stringify(parseSsh([value], context)).replaceAll(`${context.cwd}/`, ""));
    expect(here).toEqual([source]);
  });
});

test.each([
  [["a=none"], '"a": there is no "none"'],
  [["a=dir"], "is a directory"],
  [["a=key/x"], '"key/x" cannot be used: a part of the path is no directory'],
  [["a=agent,second"], '"a" has several sockets'],
  [["a=agent,key"], '"a" has a socket and keys'],
  [["a=raw=true"], "raw=true needs exactly one socket"],
  [["a=agent,second,raw=true"], "raw=true needs exactly one socket"],
  [["a=key,raw=true"], "raw=true needs a socket, and"],
  [["a=agent,raw=maybe"], '"raw=maybe": expected true or false'],
  [["a", "a=key"], 'the id "a" is given twice'],
  [["default", ""], 'the id "default" is given twice'],
])("%j is refused: %s", async (values, complaint) => {
  await withAgents((context) => {
    expect(complaintOf(() => parseSsh(values, context))).toContain(complaint);
  });
});

test("an agent that is not there is missed before the build", async () => {
  await inFlagDirectory({}, (context) => {
    expect(complaintOf(() => parseSsh(["default"], context))).toContain("SSH_AUTH_SOCK is not set");
    const gone = { ...context, variables: { SSH_AUTH_SOCK: "/none/agent" } };
    expect(complaintOf(() => parseSsh(["default"], gone))).toContain('there is no "/none/agent"');
  });
});
