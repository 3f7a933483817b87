import { expect, test } from "bun:test";
import { imageName, imageNames } from "../../src/client/image-names.ts";
import { failureOf } from "../image/failure.ts";
import { complaintOf } from "./flags.ts";

test.each([
  ["app", "docker.io/library/app:latest"],
  ["app:1", "docker.io/library/app:1"],
  ["user/app", "docker.io/user/app:latest"],
  ["index.docker.io/user/app:2", "docker.io/user/app:2"],
  ["localhost:5000/app", "localhost:5000/app:latest"],
  ["registry.example.com/a/b/c:v1.2-rc_3", "registry.example.com/a/b/c:v1.2-rc_3"],
  [" app ", "docker.io/library/app:latest"],
])("%j is %s", (text, name) => {
  expect(imageName("tag", text)).toBe(name);
});

test("names stay without a tag to be pushed by digest", () => {
  expect(imageNames("tag", ["app", "localhost:5000/app", "app"], true)).toEqual([
    "docker.io/library/app",
    "localhost:5000/app",
  ]);
  const error = failureOf(() => imageNames("output", ["localhost:5000/app:1"], true));
  expect([error.code, error.hint]).toEqual(["usage", "write name=localhost:5000/app"]);
});

test.each(["", "APP", "a b", "app:", "app:x y", "https://app", "-app", "app:.tag", "a".repeat(64).replace(/a/g, "f")])(
  "%j is refused",
  (text) => {
    expect(complaintOf(() => imageName("tag", text))).toStartWith("--tag: ");
  },
);
