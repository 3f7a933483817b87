import { describe, expect, test } from "bun:test";
import { rust } from "../../src/starter/rust.ts";
import { folderOf } from "./folder-of.ts";

const manifest = '[package]\nname = "tool"\n';

function scriptOf(files: Readonly<Record<string, string>>): string {
  return rust.make(folderOf(files)).script;
}

describe("the image", () => {
  test.each([
    [{ "Cargo.toml": `${manifest}rust-version = "1.80"` }, "rust:1.80-slim-bookworm"],
    [{ "Cargo.toml": manifest, "rust-toolchain.toml": '[toolchain]\nchannel = "1.84.1"' }, "rust:1.84.1-slim-bookworm"],
    [{ "Cargo.toml": manifest, "rust-toolchain": "1.79.0\n" }, "rust:1.79.0-slim-bookworm"],
    [{ "Cargo.toml": manifest, "rust-toolchain": "stable\n" }, "rust:1.90-slim-bookworm"],
    [{ "Cargo.toml": '[workspace.package]\nrust-version = "1.81"' }, "rust:1.81-slim-bookworm"],
  ])("of %j is %s", (files, image) => {
    expect(scriptOf(files)).toContain(`bk.image("${image}")`);
  });
});

describe("programs", () => {
  test("are those that cargo makes", () => {
    const files = { "Cargo.toml": manifest, "src/main.rs": "", "src/bin/extra.rs": "", "Cargo.lock": "" };
    const script = scriptOf(files);
    expect(script).toContain(
      "cargo build --release --locked && mkdir -p /out && cp target/release/tool target/release/extra /out/",
    );
    expect(script).toContain('entrypoint = { "/usr/local/bin/tool" }');
  });

  test("have the names that the manifest gives them", () => {
    const script = scriptOf({
      "Cargo.toml": `${manifest}[[bin]]\nname = "cli"\npath = "src/main.rs"`,
      "src/main.rs": "",
    });
    expect(script).toContain("cp target/release/cli /out/");
  });

  test("are those of a workspace's members", () => {
    const files = {
      "Cargo.toml": '[workspace]\nmembers = ["crates/*"]',
      "crates/a/Cargo.toml": '[package]\nname = "a"',
      "crates/a/src/main.rs": "",
      "crates/b/Cargo.toml": '[package]\nname = "b"',
      "crates/b/src/lib.rs": "",
    };
    expect(scriptOf(files)).toContain("cp target/release/a /out/");
  });

  test("are none of a library, whose tests are what is built", () => {
    const script = scriptOf({ "Cargo.toml": manifest, "src/lib.rs": "" });
    expect(script).toContain("default = true");
    expect(script).not.toContain("cargo build");
  });
});
