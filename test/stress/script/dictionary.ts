import { optionCases } from "../../api/options.ts";

/** What the names at the top of every script stand for; a daemon's test gives real ones as build arguments. */
export const places = {
  BUSYBOX: "busybox",
  HTTP: "http://127.0.0.1:1/hello.txt",
  GIT: "http://127.0.0.1:1/sample.git",
  LAYOUT: `base@sha256:${"a".repeat(64)}`,
} as const;

const paths = [
  '"/d"',
  '"/d/e"',
  '"/f"',
  '"rel"',
  '"rel/x"',
  '"/tmp/t"',
  '"/etc/motd"',
  '"/u\\u{e9} \\u{1F600}"',
  '"./a/../b"',
  '"/d//e/"',
];

/** Values that are likely to be right, by the name of a parameter or an option. */
const byName: Readonly<Record<string, readonly string[]>> = {
  path: paths,
  dest: ['"/mnt/a"', '"/mnt/b"', '"/mnt/c"', '"rel"', '"/out"', '"/d/"', '"/new/deep/"', '"."', '"/run/x"'],
  src: ['"/"', '"*"', '"/etc/passwd"', '{"/etc/passwd", "/bin/sh"}', '"/d"', '"/f"', '"."', '"/etc/*"', '"/nothing*"'],
  target: ['"app"', '"/etc/passwd"', '"../x"'],
  data: ['""', '"text\\n"', '"\\0\\xff"', '("x"):rep(1000)', '"#!/bin/sh\\n"'],
  cmd: [
    '"true"',
    '"echo $A > /f"',
    '{"true"}',
    '{"/bin/sh", "-c", "exit 0"}',
    '"exit 3"',
    '"mkdir -p /d && echo > /d/x"',
    '"cat /etc/passwd > /dev/null"',
  ],
  env: ['{A = "1"}', "{A = 1, B = true}", '{"A=1", "B=2"}', '{PATH = "/bin:/usr/bin", ["X-Y"] = ""}', "{}"],
  name: ['"context"', '"ARG"', '"n\\u{e9}"', '"a name"'],
  user: ['"root"', "0", "1000", '"1000:1000"', '"nobody"'],
  owner: ['"0:0"', "1000", "{user = 1, group = 2}", '"root"', '"1:1"'],
  mode: ['"0755"', '"0600"', '"u+x"', "420", '"0"'],
  created: ["0", "1700000000", '"2024-01-31T12:00:00.123456789Z"', '"2024-01-31T12:00:00+01:00"', "253402300799"],
  cwd: ['"/"', '"/w"', '"w"'],
  workdir: ['"/"', '"/w"', '"w"'],
  network: ['"none"', '"sandbox"', '"host"'],
  hostname: ['"h"', '"h.example"'],
  shell: ['{"/bin/sh", "-c"}', '{"/bin/sh", "-e", "-c"}'],
  platform: ['"linux/amd64"', '"linux/arm64"', "P[1]", '{arch = "amd64"}'],
  hosts: ['{db = "10.0.0.5"}', '{a = "::1", ["b.c"] = "1.2.3.4"}'],
  ulimits: ["{nofile = 1024}", '{nofile = "100:200", core = {soft = 0, hard = 1}}'],
  shm_size: ['"64MB"', "1048576"],
  size: ['"1MB"', "4096", "0"],
  id: ['"one"', '"two"'],
  uid: ["0", "1000"],
  gid: ["0", "1000"],
  valid_exit_codes: ['"0..5"', "{0, 3}", "0"],
  secrets_env: ['{TOKEN = "one"}', '{TOKEN = {id = "two", optional = true}}'],
  secrets: ["{}"],
  include: ['{"*"}', '{"**/*.txt", "d"}', '{"!x", "d/**"}'],
  exclude: ['{"*.tmp"}', '{"d", "!d/x"}', '{"**/x"}'],
  follow_paths: ['{"link"}', '{"d/link"}'],
  metadata_only: ["true", '{"a.txt"}'],
  required_paths: ['{"/etc/passwd"}', '{"a.txt"}'],
  selector: ['"/etc"', '"d"', '"/"'],
  layer_limit: ["1", "5"],
  filename: ['"tool"', '"a b"'],
  chmod: ['"0755"'],
  ref: ["BUSYBOX"],
  checksum: ["'sha256:' .. ('a'):rep(64)"],
  expose: ['{8080, "53/udp"}', "80"],
  volumes: ['{"/data"}'],
  labels: ['{a = "b", ["x.y"] = 1}'],
  description: ['"what \\u{e9}"'],
  group: ['"g"', '"h"'],
  message: ['"careful"'],
  text: ['"[1, null, {}]"', '[[{"a": 1e400}]]', '"true"'],
  os: ['"linux"', '"linux/arm/v7"'],
  arch: ['"amd64"', '"arm64"'],
  variant: ['"v7"', '"v8"'],
};

/** The same for one parameter of one function. */
const byPlace: Readonly<Record<string, readonly string[]>> = {
  "bk.image.ref": ["BUSYBOX"],
  "bk.http.url": ["HTTP"],
  "bk.https.url": ["HTTP"],
  "bk.git.url": ["GIT"],
  "bk.oci_layout.ref": ["LAYOUT"],
  "bk.blob.ref": ["LAYOUT"],
  "bk.local_.name": ['"context"', '"context"', '"other"'],
  "bk.arg.name": ['"ONE"', '"TWO"', '"BUSYBOX"'],
  "bk.expand.text": ['"$A"', '"${A:-b}"', '"a"'],
  "state:symlink.target": ['"/etc/passwd"', '"../x"'],
  "files:symlink.target": ['"/etc/passwd"', '"../x"'],
};

/** Values for a parameter or an option: those of its name, and what the test of the option writes. */
export function likelyValues(fn: string, name: string): readonly string[] {
  const own = byPlace[`${fn}.${name}`] ?? byName[name] ?? [];
  // Some are followed by other options that they need.
  const tested = optionCases[fn]?.options[name]?.[0];
  return tested === undefined ? own : [...own, tested];
}
