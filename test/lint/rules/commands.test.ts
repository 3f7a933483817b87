import { describe, expect, test } from "bun:test";
import { lintFound } from "../lint-found.ts";

const found = (command: string, options = "") => lintFound(`bk.export(bk.image("a:1"):run([[${command}]]${options}))`);

test.each([
  ["sudo make", 1],
  ["make && /usr/bin/sudo -E make install", 1],
  ["doas make", 1],
  ["echo sudo", 0],
  ["pseudo x", 0],
  ["adduser app sudo", 0],
])("sudo: %s", (command, count) => {
  expect(found(command)).toEqual(count === 0 ? [] : ["sudo"]);
});

test.each([
  ["cd /src && make", 1],
  ["cd src; make", 1],
  ["cd /src\nmake", 1],
  ["make && cd /src && make", 0],
  ["cd /a && make && cd /b && make", 0],
  ['cd "$DIR" && make', 0],
  ["(cd /src && make) && make", 0],
])("run-cd: %s", (command, count) => {
  expect(found(command)).toEqual(count === 0 ? [] : ["run-cd"]);
});

test.each([
  ["cd /src", 1],
  ["export A=1", 1],
  ["export A=1; B=2", 1],
  [". /etc/profile", 1],
  ["A=1 make", 0],
  ["export A=1 && make", 0],
  ["set -e\nmake", 0],
])("run-without-effect: %s", (command, count) => {
  expect(found(command)).toEqual(count === 0 ? [] : ["run-without-effect"]);
});

describe("pipe-without-pipefail", () => {
  test.each([
    ["curl -sSL https://x | sh"],
    ["wget -qO- https://x | tar xz"],
    ["make && curl https://x |\n sh"],
    ["for i in 1 2; do curl https://x; done | sh"],
  ])("finds %s", (command) => {
    expect(found(command)).toEqual(["pipe-without-pipefail"]);
  });

  test.each([["curl https://x || true"], ["curl https://x > f && sh f"], ["echo 'curl | sh'"], ["cat a | sh"]])(
    "leaves %s alone",
    (command) => {
      expect(found(command)).toEqual([]);
    },
  );

  test("knows where pipefail is set", () => {
    expect(found("curl https://x | sh", ', {shell = {"/bin/bash", "-o", "pipefail", "-c"}}')).toEqual([]);
    expect(found("set -euo pipefail; curl https://x | sh")).toEqual([]);
    const shell = 'bk.image("a:1"):with_shell({"/bin/bash", "-o", "pipefail", "-c"})';
    expect(lintFound(`bk.export(${shell}:run("curl https://x | sh"))`)).toEqual([]);
  });
});

test.each([
  ["curl -k https://x -o y"],
  ["curl -sSLk https://x -o y"],
  ["curl --insecure https://x -o y"],
  ["wget --no-check-certificate https://x"],
  ["git -c http.sslVerify=false pull"],
])("insecure-download: %s", (command) => {
  expect(found(command)).toEqual(["insecure-download"]);
});

test("flags of other programs, and other flags, are fine", () => {
  expect(found("curl -fsSL https://x -o k && tar -k x && grep -k curl")).toEqual([]);
});

test("git-clone: with flags before the word", () => {
  expect(found("git -C /x clone https://y")).toEqual(["git-clone"]);
  expect(found("git log --grep clone1 && git status")).toEqual([]);
});

describe("recursive-change", () => {
  const after = (command: string, dest = "/app") =>
    lintFound(`bk.export(bk.image("a:1"):copy(bk.local_("context"), "app", "${dest}"):run("${command}"))`);

  test.each([["chown -R app /app"], ["chown --recursive app /app"], ["chmod -R u+x /"], ["chown -hR app /app/"]])(
    "finds %s",
    (command) => {
      expect(after(command)).toEqual(["recursive-change"]);
    },
  );

  test.each([["chown app /app"], ["chown -R app /data"], ["chown -R app /ap"]])("leaves %s alone", (command) => {
    expect(after(command)).toEqual([]);
  });

  test("finds what was copied below", () => {
    expect(after("chown -R app /srv", "/srv/app/")).toEqual(["recursive-change"]);
  });
});
