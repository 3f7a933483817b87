import { describe, expect, test } from "bun:test";
import { lintFound } from "../lint-found.ts";

const run = (command: string, options = "") => `bk.image("a:1"):run([[${command}]]${options})`;
const inResult = (command: string, options = "") => lintFound(`bk.export(${run(command, options)})`);
const inStage = (command: string, options = "") =>
  lintFound(`bk.export(bk.scratch():copy(${run(command, options)}, "/a", "/"))`);
const cache = (...paths: readonly string[]) =>
  `, {mounts = {${paths.map((path) => `bk.cache("${path}", {sharing = "locked"})`)}}}`;

describe("install-leftovers", () => {
  test.each([
    ["apt-get update && apt-get install -y curl"],
    ["apk add curl"],
    ["dnf install -y curl"],
    ["yum -y install curl"],
    ["microdnf install -y curl"],
    ["zypper --non-interactive install curl"],
    ["pip install flask"],
    ["python3 -m pip install flask"],
    ["npm ci"],
    ["npm install express"],
    ["go mod download"],
    ["go install example.com/tool@v1"],
    ["cargo install ripgrep"],
    ["if true; then apk add curl; fi"],
  ])("finds %s", (command) => {
    expect(inResult(command)).toEqual(["install-leftovers"]);
  });

  test.each([
    ["apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*"],
    ["apt-get update && apt-get install -y curl; apt-get clean; rm -r /var/lib/apt/lists"],
    ["apk add --no-cache curl"],
    ["apk --no-cache add curl"],
    ["apk add curl && rm -rf /var/cache/apk/*"],
    ["dnf install -y curl && dnf clean all"],
    ["yum -y install curl && rm -rf /var/cache/yum"],
    ["pip install --no-cache-dir flask"],
    ["npm ci && npm cache clean --force"],
    ["npm run build"],
    ["go build ./..."],
    ["echo apk add curl"],
    ["apt-cache search curl"],
  ])("leaves %s alone", (command) => {
    expect(inResult(command)).toEqual([]);
  });

  test("mounts and variables keep leftovers out", () => {
    expect(inResult("apt-get update && apt-get install -y x", cache("/var/lib/apt", "/var/cache/apt"))).toEqual([]);
    expect(inResult("apk add curl", cache("/etc/apk/cache"))).toEqual([]);
    expect(inResult("pip install flask", cache("/root/.cache/pip"))).toEqual([]);
    expect(inResult("pip install flask", cache("/root/.cache"))).toEqual([]);
    expect(inResult("pip install flask", ', {env = {PIP_NO_CACHE_DIR = "1"}}')).toEqual([]);
    expect(inResult("npm ci", cache("/home/node/.npm"))).toEqual([]);
    expect(inResult("go mod download", cache("/go/pkg/mod"))).toEqual([]);
    expect(inResult("dnf install -y x", ', {mounts = {bk.tmpfs("/var/cache/dnf")}}')).toEqual([]);
  });

  test("only layers of the result count", () => {
    expect(inStage("apt-get update && apt-get install -y curl")).toEqual([]);
    const script = 'local a = bk.image("a:1")\nlocal b = a:run("apk add curl")\n';
    expect(lintFound(`${script}bk.export(bk.merge(a, bk.diff(a, b)))`)).toEqual(["install-leftovers"]);
    expect(lintFound(`${script}bk.export(b:with_metadata({description = "x"}))`)).toEqual(["install-leftovers"]);
    expect(lintFound(`${script}bk.export(a:run("x", {mounts = {bk.bind(b, "/b")}}))`)).toEqual([]);
  });
});

test("what is downloaded in a stage should be kept", () => {
  expect(inStage("go mod download")).toEqual(["uncached-install"]);
  expect(inStage("npm ci")).toEqual(["uncached-install"]);
  expect(inStage("npm ci", cache("/root/.npm"))).toEqual([]);
});

test("a list is a command too, and so is a shell's text within it", () => {
  const exec = (list: string) => lintFound(`bk.export(bk.image("a:1"):run({${list}}))`);
  expect(exec('"apk", "add", "curl"')).toEqual(["install-leftovers"]);
  expect(exec('"/bin/bash", "-ec", "apk add curl"')).toEqual(["install-leftovers"]);
  expect(exec('"echo", "apk add curl"')).toEqual([]);
});

describe("install-without-yes", () => {
  const clean = "&& rm -rf /var/lib/apt/lists/*";
  test.each([["apt-get install curl"], ["apt-get --no-install-recommends install curl"]])("finds %s", (command) => {
    expect(inResult(`apt-get update && ${command} ${clean}`)).toEqual(["install-without-yes"]);
  });

  test.each([["-y"], ["--yes"], ["--assume-yes"], ["-qq"], ["-qy"], ["-yq"]])("takes %s", (flag) => {
    expect(inResult(`apt-get update && apt-get install ${flag} curl ${clean}`)).toEqual([]);
  });

  test("knows dnf, zypper and pacman", () => {
    expect(inResult("dnf install curl && dnf clean all")).toEqual(["install-without-yes"]);
    expect(inResult("zypper install curl && zypper clean")).toEqual(["install-without-yes"]);
    expect(inResult("zypper -n install curl && zypper clean")).toEqual([]);
    expect(inResult("pacman -S curl")).toEqual(["install-without-yes"]);
    expect(inResult("pacman -S --noconfirm curl")).toEqual([]);
  });
});

test("upgrades of everything are found, those of packages are not", () => {
  for (const command of ["apt-get -y upgrade", "apt-get dist-upgrade -y", "apk upgrade", "dnf -y update"]) {
    expect(inResult(command)).toEqual(["system-upgrade"]);
  }
  for (const command of ["apk upgrade openssl", "dnf -y update openssl", "pip --version"]) {
    expect(inResult(command)).toEqual([]);
  }
});

test("an index that is fetched for another step is old there", () => {
  expect(inResult("apt-get update")).toEqual(["lone-index-update"]);
  expect(inResult("apt-get update", cache("/var/lib/apt"))).toEqual([]);
  expect(inResult("apt-get update && apt-get install -y x && rm -rf /var/lib/apt/lists/*")).toEqual([]);
});
