import { expect, test } from "bun:test";
import { parseGitUrl } from "../../src/llb/git-url.ts";

test.each([
  ["https://github.com/a/b.git", "github.com/a/b.git", "https://github.com/a/b.git", "", ""],
  ["https://github.com/a/b.git#v1", "github.com/a/b.git", "https://github.com/a/b.git", "v1", ""],
  ["https://github.com/a/b.git#v1:dir/sub/", "github.com/a/b.git", "https://github.com/a/b.git", "v1", "dir/sub"],
  ["https://github.com/a/b.git#:dir", "github.com/a/b.git", "https://github.com/a/b.git", "", "dir"],
  ["https://github.com/a/b.git#baz/qux:../../x", "github.com/a/b.git", "https://github.com/a/b.git", "baz/qux", "x"],
  ["github.com/a/b", "github.com/a/b", "https://github.com/a/b", "", ""],
  ["git@github.com:a/b.git#v1", "github.com/a/b.git", "git@github.com:a/b.git", "v1", ""],
  ["ssh://git@host:2222/a.git", "host:2222/a.git", "ssh://git@host:2222/a.git", "", ""],
  ["git://[::1]:9418/a", "[::1]:9418/a", "git://[::1]:9418/a", "", ""],
  ["https://host/a.git?ref=v1&subdir=docs", "host/a.git", "https://host/a.git", "", ""],
  ["https://host/a.git?#v1", "host/a.git", "https://host/a.git?", "v1", ""],
])("%s", (text, place, remote, ref, subdir) => {
  expect(parseGitUrl(text)).toMatchObject({ place, remote, ref, subdir });
});

test("a query says what options say", () => {
  const { query } = parseGitUrl(
    "https://host/a.git?tag=v1&subdir=d&commit=abcdef&keep-git-dir&submodules=false&mtime=commit",
  );
  expect(query).toEqual({
    ref: "refs/tags/v1",
    subdir: "d",
    checksum: "abcdef",
    keepGitDir: true,
    submodules: false,
    mtime: "commit",
  });
  expect(parseGitUrl("https://host/a.git?fetch-by-commit&commit=abcdef").query).toEqual({
    checksum: "abcdef",
    fetchByCommit: true,
  });
  expect(parseGitUrl("git@host:a?branch=main").query).toEqual({ ref: "refs/heads/main" });
});

test.each([
  ["", "names no host"],
  ["https://", "names no host"],
  ["https:///a.git", "names no host"],
  ["https://[:::1]/a.git", "the address is malformed"],
  ["./dir", "names no host"],
  ["ftp://host/a.git", 'no protocol "ftp"'],
  ["https://user:pass@host/a.git", "would stand in the Definition"],
  ["https://host/a.git?what=x", "unknown query"],
  ["https://host/a.git?ref=", "no value"],
  ["https://host/a.git?ref=a&ref=b", "twice"],
  ["https://host/a.git?tag=a&branch=b", "several refs"],
  ["https://host/a.git?ref=a#b", "two things about the ref"],
  ["https://host/a.git?submodules=maybe", "neither true nor false"],
  ["https://host/a.git?fetch-by-commit=maybe", "neither true nor false"],
  ["https://host/a.git#-x", "no git ref"],
  ["https://host/a%zz.git", "no escape"],
  ["https://host/a\0", "NUL"],
  ["ssh://a[b@host/c", "has a user whom no URL can name"],
  ["https://host/a\tb", "contains a control character"],
])("%p is refused", (text, message) => {
  expect(() => parseGitUrl(text)).toThrow(message);
});
