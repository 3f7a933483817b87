import { expect, test } from "bun:test";
import { readLoadForm } from "../../src/client/load-form.ts";

test.each([
  [{ Driver: "overlayfs", DriverStatus: [["driver-type", "io.containerd.snapshotter.v1"]] }, "oci"],
  [{ Driver: "overlay2", DriverStatus: [["Backing Filesystem", "extfs"]] }, "docker"],
  [{ Driver: "overlay2", DriverStatus: null }, "docker"],
  [{}, "docker"],
  ["no JSON object", "docker"],
])("%j takes %s archives", (info, form) => {
  expect<string>(readLoadForm(new TextEncoder().encode(JSON.stringify(info)))).toBe(form);
});
