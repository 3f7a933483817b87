import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { inDirectory } from "../support/build.ts";
import { solveIn } from "../support/solve.ts";

setDefaultTimeout(60_000);

describe.concurrent("wrong usage", () => {
  // The daemon that is named does not exist: everything here is refused before it is asked.
  test.each([
    [["--push"], "the image that is to be pushed has no name"],
    [["-t", "App"], "the repository name must be lowercase"],
    [["-o", "type=iamge"], 'there is no type "iamge" (did you mean "image"?)'],
    [["-o", "type=image,psuh=true"], '(did you mean "push"?)'],
    [["-o", "type=local"], "type=local needs dest=DIR"],
    [["-o", "type=tar,dest=/tmp"], "is a directory"],
    [["-o", "-", "-o", "type=oci"], "two outputs go to stdout"],
    [["--allow", "everything"], "there is no entitlement"],
    [["--secret", "id=x,src=/none"], 'there is no file "/none"'],
    [["--ssh", "default"], "SSH_AUTH_SOCK is not set"],
    [["--cache-to", "type=registry"], "type=registry needs ref="],
    [["--provenance", "max"], "is not known"],
    [["--source-policy-file", "/none"], "cannot be read: it does not exist"],
    [["--metadata-file", "/none/m"], 'there is no directory "/none"'],
    [["--platform", "arm64"], 'expected a platform such as "linux/amd64"'],
    [["--cache-from", "type=inline"], "read as the image that it is in"],
    [["--label", "=x"], "is not NAME=VALUE"],
    [["--annotation", "x"], "it is not KEY=VALUE"],
    [["--oci-layout", "x=/tmp"], "is not an OCI layout"],
    [["--local", "x=/none"], 'there is no "/none"'],
    [["--tlscert", "/none"], 'there is no file "/none"'],
    [["--registry-auth-tlscontext", "host=x"], "says nothing of TLS"],
    [["--iidfile", "i", "-o", "type=cacheonly"], "--iidfile needs an image"],
    [["--build-arg", "SOURCE_DATE_EPOCH=now"], "is not a number of seconds"],
    [["-o", "type=local,dest=/,mode=delete"], "is not below the working directory"],
    [["-o", "type=local,dest=out,mode=delete", "-o", "type=tar,dest=out/x.tar"], "where mode=delete removes"],
    [["-o", "type=local,dest=out,mode=delete", "--trace", "build.lua", "--ref-file", "build.lua"], "is also what --"],
    [["-o", "type=tar,dest=a.tar", "--metadata-file", "a.tar"], '/a.tar" is also what --output writes'],
    [["--image-config", "c.json"], "this is a build by a daemon"],
    [["--opt", "target=x"], "target is an option of frontends"],
    [["--build-context", "a=oci-layout:///tmp"], "--oci-layout NAME=DIR"],
  ])("%j exits with 2", async (flags, complaint) => {
    const addr = "unix:///none.sock";
    const result = await inDirectory((directory) => solveIn(directory, "bk.export(bk.scratch())", flags, { addr }));
    expect(result.stderr).toContain(complaint);
    expect([result.exitCode, result.stdout]).toEqual([2, ""]);
    expect(result.stderr.split("\n").filter((line) => line.startsWith("error: "))).toHaveLength(1);
  });
});
