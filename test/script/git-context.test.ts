import { expect, test } from "bun:test";
import { isGitContext } from "../../src/script/git-context.ts";

test.each([
  "git://host/x",
  "ssh://git@host/x",
  "git@host:owner/x",
  "https://host/x.git",
  "http://host:80/x.git#main:sub",
  "HTTPS://host/x.git?ref=main",
  "github.com/owner/x",
])("%s is a repository", (url) => expect(isGitContext(url)).toBe(true));

test.each([
  "",
  ".",
  "./x.git",
  "../git@host:x",
  "https://host/x",
  "https://host/x.git/y",
  "https://host/x.tar?y=.git",
  "docker-image://host/x.git",
  "local:x.git",
])("%s is none", (url) => expect(isGitContext(url)).toBe(false));
