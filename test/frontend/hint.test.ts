import { expect, test } from "bun:test";
import { hintForClients } from "../../src/frontend/hint.ts";

test("a flag of luakit is told in the words of Docker and of buildctl", () => {
  expect(hintForClients("--target a or --target b")).toBe(
    "--target a (buildctl: --opt target=a) or --target b (buildctl: --opt target=b)",
  );
  expect(hintForClients("--build-arg VERSION=VALUE")).toBe(
    "--build-arg VERSION=VALUE (buildctl: --opt build-arg:VERSION=VALUE)",
  );
  expect(hintForClients("--platform linux/amd64,linux/arm64")).toBe(
    "--platform linux/amd64,linux/arm64 (buildctl: --opt platform=linux/amd64,linux/arm64)",
  );
});

test("more time is a build argument", () => {
  expect(hintForClients("a script that needs longer can have it: --timeout 5m")).toBe(
    "a script that needs longer can have it: --build-arg LUAKIT_TIMEOUT=5m (buildctl: --opt build-arg:LUAKIT_TIMEOUT=5m)",
  );
});

test("what clients call the same, and all else, stays as it is", () => {
  for (const hint of ["allow it: --allow network.host", "leave --target out", 'write mounts = {mount}, not "--x y"'])
    expect(hintForClients(hint)).toBe(hint);
});
