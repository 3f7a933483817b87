import { describe } from "bun:test";
import { fuzz } from "./driver/fuzz.ts";
import { statusStream } from "./targets/status-stream.ts";

describe("what a daemon tells of a build", () => {
  fuzz(statusStream);
});
