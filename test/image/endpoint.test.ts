import { expect, test } from "bun:test";
import { isLoopback, mirrorEndpoint, originEndpoint } from "../../src/image/endpoint.ts";

test.each([
  ["docker.io", "https://registry-1.docker.io/v2/"],
  ["ghcr.io", "https://ghcr.io/v2/"],
  ["localhost:5000", "http://localhost:5000/v2/"],
  ["127.1.2.3", "http://127.1.2.3/v2/"],
  ["[::1]:5000", "http://[::1]:5000/v2/"],
  ["plain.example:80", "http://plain.example:80/v2/"],
  ["localhost.evil.com", "https://localhost.evil.com/v2/"],
  ["127.0.0.1.evil.com", "https://127.0.0.1.evil.com/v2/"],
])("the registry of %s is %s", (domain, base) => {
  expect(originEndpoint(domain, ["plain.example:80"]).base).toBe(base);
});

test.each([
  ["localhost:5000", "http://localhost:5000/v2/", "localhost:5000"],
  ["mirror.example", "https://mirror.example/v2/", "mirror.example"],
  ["mirror.example/hub", "https://mirror.example/v2/hub/", "mirror.example"],
  ["http://mirror.example/", "http://mirror.example/v2/", "mirror.example"],
  ["https://localhost:5000/v2/hub/", "https://localhost:5000/v2/hub/", "localhost:5000"],
  ["plain.example", "http://plain.example/v2/", "plain.example"],
])("the mirror %s is %s", (mirror, base, host) => {
  expect(mirrorEndpoint(mirror, "docker.io", ["plain.example"])).toMatchObject({ base, host, mirrorOf: "docker.io" });
});

test("isLoopback wants the whole host", () => {
  expect(isLoopback("localhost")).toBe(true);
  expect(isLoopback("xlocalhost")).toBe(false);
  expect(isLoopback("128.0.0.1")).toBe(false);
});

test("a mirror's login is in its URL, not in its name", () => {
  const expected = { host: "a.b:5000", base: "https://me:pass@a.b:5000/v2/" };
  expect(mirrorEndpoint("https://me:pass@a.b:5000", "docker.io")).toMatchObject(expected);
  expect(mirrorEndpoint("me:pass@a.b:5000", "docker.io")).toMatchObject(expected);
});
