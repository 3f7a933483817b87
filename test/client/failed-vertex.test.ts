import { expect, test } from "bun:test";
import { FailedVertices } from "../../src/client/failed-vertex.ts";
import { StatusResponse } from "../../src/gen/control.ts";

const status = (...vertexes: { digest: string; error?: string }[]) =>
  StatusResponse.decode(StatusResponse.encode({ vertexes }));

test("the vertex whose error the build tells is the one that failed", () => {
  const failed = new FailedVertices();
  failed.see(status({ digest: "sha256:a" }, { digest: "sha256:b", error: "no such file" }));
  failed.see(status({ digest: "sha256:c", error: "context canceled" }));
  expect(failed.find("failed to compute cache key: no such file")).toBe("sha256:b");
  expect(failed.find("something else")).toBeUndefined();
});
