import { describe, expect, test } from "bun:test";
import {
  formatFamiliarReference,
  formatReference,
  formatRepository,
  parseReference,
} from "../../src/image/reference.ts";
import { failureOf } from "./failure.ts";

const hex = "a".repeat(64);

describe("parseReference", () => {
  test.each([
    ["alpine", "docker.io/library/alpine:latest"],
    ["alpine:3.20", "docker.io/library/alpine:3.20"],
    ["user/app", "docker.io/user/app:latest"],
    ["docker.io/alpine", "docker.io/library/alpine:latest"],
    ["docker.io/library/alpine", "docker.io/library/alpine:latest"],
    ["index.docker.io/alpine", "docker.io/library/alpine:latest"],
    ["index.docker.io/user/app:1", "docker.io/user/app:1"],
    ["localhost/app", "localhost/app:latest"],
    ["localhost:5000/app:1", "localhost:5000/app:1"],
    ["127.0.0.1:5000/a/b/c", "127.0.0.1:5000/a/b/c:latest"],
    ["[::1]:5000/app", "[::1]:5000/app:latest"],
    ["[2001:db8::1]/app", "[2001:db8::1]/app:latest"],
    ["ghcr.io/owner/app", "ghcr.io/owner/app:latest"],
    ["Registry/app", "Registry/app:latest"],
    ["REGISTRY.example.com:80/app", "REGISTRY.example.com:80/app:latest"],
    ["a/b__c/d--e.f_g", "docker.io/a/b__c/d--e.f_g:latest"],
    ["example.com/app:v1.0_RC-2", "example.com/app:v1.0_RC-2"],
    [`alpine@sha256:${hex}`, `docker.io/library/alpine@sha256:${hex}`],
    [`alpine:3@sha256:${hex}`, `docker.io/library/alpine:3@sha256:${hex}`],
    [`a.b/c@sha512:${hex}${hex}`, `a.b/c@sha512:${hex}${hex}`],
    [`docker.io/${hex}`, `docker.io/library/${hex}:latest`],
    [`alpine:${"t".repeat(128)}`, `docker.io/library/alpine:${"t".repeat(128)}`],
    [`x.y/${"p".repeat(255)}`, `x.y/${"p".repeat(255)}:latest`],
  ])("completes %s", (text, full) => {
    expect(formatReference(parseReference(text))).toBe(full);
  });

  test.each([
    ["", "the image name is empty", undefined],
    ["Alpine", "must be lowercase", 'write "alpine"'],
    ["user/App:1", "must be lowercase", 'write "user/app:1"'],
    ["alpine:", "the tag is empty", undefined],
    ["alpine:-x", '"-x" is not a tag', "starts with a letter"],
    [`alpine:${"t".repeat(129)}`, "longer than 128", "starts with a letter"],
    ["alpine@", "the digest is empty", "64 lowercase"],
    ["alpine@sha256:abc", '"sha256:abc" is not a digest', "64 lowercase"],
    [`alpine@sha256:${"A".repeat(64)}`, "is not a digest", "64 lowercase"],
    [`alpine@md5:${"a".repeat(32)}`, "is not a digest", "64 lowercase"],
    [`alpine:sha256:${hex}`, "is not a tag", "follows an @"],
    [hex, "64 hexadecimal digits", `NAME@sha256:${hex}`],
    [`x.y/${"p".repeat(256)}`, "longer than 255", undefined],
    ["a".repeat(2000), "longer than 1024", undefined],
    ["https://alpine", "it is a URL", 'write "alpine"'],
    ["docker-image://docker.io/library/alpine", "it is a URL", 'write "docker.io/library/alpine"'],
    ["al pine", "white space", undefined],
    ["alpine\n", "white space", undefined],
    ["/alpine", "malformed", undefined],
    ["a//b", "malformed", undefined],
    ["alpine/", "malformed", undefined],
    ["-alpine", "malformed", undefined],
    ["al..pine", "malformed", undefined],
    ["a___b", "malformed", undefined],
    ["example.com/", "repository name is empty", undefined],
    ["exa_mple.com/app", "is not a registry host", undefined],
    ["-x.com/app", "is not a registry host", undefined],
    ["host:99999/app", "out of range", undefined],
    ["host:port/app", "is not a registry host", undefined],
  ])("refuses %p", (text, message, hint) => {
    const error = failureOf(() => parseReference(text));
    expect(error.code).toBe("image.reference");
    expect(error.message).toContain(message);
    if (hint === undefined) expect(error.hint).toBeUndefined();
    else expect(error.hint).toContain(hint);
  });

  test("takes hostile names without backtracking", () => {
    const start = performance.now();
    for (const text of [`${"a-".repeat(500)}!`, `${"a.".repeat(500)}/!`, `${"a/".repeat(500)}!`]) {
      failureOf(() => parseReference(text));
    }
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe("formatFamiliarReference", () => {
  test.each([
    ["docker.io/library/alpine", "alpine:latest"],
    ["docker.io/user/app:1", "user/app:1"],
    ["docker.io/library/a/b:1", "library/a/b:1"],
    ["docker.io/a.b/c:1", "docker.io/a.b/c:1"],
    ["docker.io/library/a.b", "a.b:latest"],
    ["ghcr.io/user/app:1", "ghcr.io/user/app:1"],
  ])("shortens %s", (text, familiar) => {
    expect(formatFamiliarReference(parseReference(text))).toBe(familiar);
  });
});

test("formatRepository leaves tag and digest out", () => {
  expect(formatRepository(parseReference(`alpine:3@sha256:${hex}`))).toBe("docker.io/library/alpine");
});
