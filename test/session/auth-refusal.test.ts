import { describe, expect, test } from "bun:test";
import { LuakitError } from "../../src/diagnostic/luakit-error.ts";
import { explainRefusal, openAuthRecord } from "../../src/session/auth-refusal.ts";

function explain(message: string, logins: Readonly<Record<string, string | undefined>>, failures: LuakitError[] = []) {
  const record = openAuthRecord();
  for (const [host, origin] of Object.entries(logins)) record.logins.set(host, origin);
  record.failures.push(...failures);
  return explainRefusal(new LuakitError("rpc.unknown", message), record, "/me/config.json");
}

const head = (host: string, status: string) =>
  `failed to load cache key: unexpected status from HEAD request to https://${host}/v2/app/manifests/latest: ${status}`;
const hidden =
  "team/app: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed";

describe("names the registry and the file", () => {
  test.each([
    [head("reg.example:5000", "401 Unauthorized"), "reg.example:5000", "reg.example:5000 refused the login from FILE"],
    [head("registry-1.docker.io", "401 Unauthorized"), "registry-1.docker.io", "docker.io refused the login from FILE"],
    [
      head("reg.example", "403 Forbidden"),
      "reg.example",
      "reg.example denied access: what is asked for does not exist, or the login from FILE may not",
    ],
    [
      `failed to resolve source metadata for docker.io/${hidden}`,
      "registry-1.docker.io",
      "docker.io denied access: what is asked for does not exist, or the login from FILE may not",
    ],
  ])("of %s", (message, host, expected) => {
    const error = explain(message, { "other.example": "OTHER", [host]: "FILE" });
    expect(error.code).toBe("registry.auth");
    expect(error.message).toBe(expected);
  });
});

describe("without a login says that one is needed", () => {
  test.each([
    [
      head("reg.example", "401 Unauthorized"),
      "reg.example",
      "reg.example wants a login, and /me/config.json has none for it",
    ],
    [
      `docker.io/${hidden}`,
      "registry-1.docker.io",
      "docker.io denied access: what is asked for does not exist, or needs a login, and /me/config.json has none",
    ],
  ])("of %s", (message, host, expected) => {
    const error = explain(message, { [host]: undefined });
    expect(error.message).toBe(expected);
    expect(error.hint).toStartWith('log in with "docker login');
  });
});

test("a failure of our own is told as it was, with its hint", () => {
  const own = new LuakitError("registry.auth", "reg.example refused the login from FILE", { hint: "log in" });
  const error = explain(`failed to authorize: failed to fetch oauth token: ${own.message}`, {}, [own]);
  expect([error.code, error.message, error.hint]).toEqual([own.code, own.message, own.hint]);
});

test("the place in the script stays", () => {
  const record = openAuthRecord();
  record.logins.set("reg.example", "FILE");
  const position = { file: "build.lua", line: 3 };
  const error = new LuakitError("rpc.unknown", head("reg.example", "401 Unauthorized"), { position });
  expect(explainRefusal(error, record, "").position).toEqual(position);
});

test.each([
  [head("reg.example", "500 Internal Server Error"), "reg.example"],
  [head("reg.example", "401 Unauthorized"), "eg.example"],
  [head("reg.example", "401 Unauthorized"), "other.example"],
  ['process "/bin/sh" did not complete successfully: exit code: 1', "reg.example"],
])("leaves alone %s", (message, host) => {
  expect(explain(message, { [host]: "FILE" }).message).toBe(message);
});
