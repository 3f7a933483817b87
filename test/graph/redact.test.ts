import { describe, expect, test } from "bun:test";
import { redact, redactDetail } from "../../src/graph/redact.ts";

describe("redacting", () => {
  test("masks passwords and tokens of URLs", () => {
    expect(redact("https://me:secret@a.test/x")).toBe("https://xxxxx@a.test/x");
    expect(redact("https://token@a.test/x")).toBe("https://xxxxx@a.test/x");
    expect(redact("curl ftp://u:p@a.test && curl http://:p@b.test")).toBe(
      "curl ftp://xxxxx@a.test && curl http://xxxxx@b.test",
    );
  });

  test("keeps the user of ssh and addresses without one", () => {
    const kept = ["ssh://git@a.test/x", "git@a.test:x", "https://a.test/@scope/x", "docker-image://a.test/b@sha256:00"];
    expect(kept.map(redact)).toEqual(kept);
  });

  test("reaches into every form of detail", () => {
    const url = "https://u:p@a.test";
    const masked = "https://xxxxx@a.test";
    expect(redactDetail({ key: "a", value: url })).toEqual({ key: "a", value: masked });
    expect(redactDetail({ key: "a", values: [url] })).toEqual({ key: "a", values: [masked] });
    expect(redactDetail({ key: "a", fields: { b: url, c: 1 } })).toEqual({ key: "a", fields: { b: masked, c: 1 } });
    expect(redactDetail({ key: "a", entries: [{ b: [url] }] })).toEqual({ key: "a", entries: [{ b: [masked] }] });
  });
});
