import { expect, test } from "bun:test";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askCredentialHelper } from "../../src/image/credential-helper.ts";
import { rejectionOf } from "./failure.ts";

test("a helper that does not answer in time is killed", async () => {
  const bin = await mkdtemp(join(tmpdir(), "luakit-helper-"));
  await Bun.write(join(bin, "docker-credential-slow"), "#!/bin/sh\nexec sleep 30\n");
  await chmod(join(bin, "docker-credential-slow"), 0o755);
  const start = performance.now();
  const options = { variables: { PATH: `${bin}:/usr/bin:/bin` }, timeout: 200 };
  const error = await rejectionOf(askCredentialHelper("slow", "a", options));
  expect(error.message).toBe('the credential helper "docker-credential-slow" gave no answer within 0.2 s');
  expect(performance.now() - start).toBeLessThan(5000);
  await rm(bin, { recursive: true });
});
