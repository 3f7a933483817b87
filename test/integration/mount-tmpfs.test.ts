import { expect, setDefaultTimeout, test } from "bun:test";
import { runProbes, testProbes } from "../support/probe.ts";

setDefaultTimeout(60_000);

const size = "df -k /t | awk 'END {print $2}'";
testProbes("bk.tmpfs", [
  { title: "is memory", options: 'mounts = {bk.tmpfs("/t")}', run: "grep -c ' /t tmpfs' /proc/mounts", expect: "1" },
  {
    title: "has the size that is given",
    options: 'mounts = {bk.tmpfs("/t", {size = "5MB"})}',
    run: size,
    expect: "5120",
  },
  { title: "has a size in bytes", options: 'mounts = {bk.tmpfs("/t", {size = 1048576})}', run: size, expect: "1024" },
  { title: "is larger without", options: 'mounts = {bk.tmpfs("/t")}', run: size, expect: /^\d{6,}$/ },
  {
    title: "holds no more than its size",
    options: 'mounts = {bk.tmpfs("/t", {size = "1MB"})}',
    run: "dd if=/dev/zero of=/t/file bs=1024 count=1100",
    expect: /No space left/,
  },
  {
    title: "is empty",
    on: 'base:mkfile("/tmp/file", "")',
    options: 'mounts = {bk.tmpfs("/tmp")}',
    run: "ls /tmp",
    expect: "",
  },
]);

test.concurrent("what is written to a tmpfs is gone after the step", async () => {
  const [output] = await runProbes([
    { on: 'base:run("touch /tmp/file /kept", {mounts = {bk.tmpfs("/tmp")}})', run: "ls /tmp; ls /kept" },
  ]);
  expect(output).toBe("/kept");
});
