import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { startFrontend } from "../../support/frontend-process.ts";
import { expectHarmless, luaPayload, payload } from "./payload.ts";

setDefaultTimeout(120_000);

const script = `local e = ${luaPayload}
bk.warn(e) print(e)
bk.arg("A", {default = e, description = e, values = {e, "b"}})
bk.target("t", {description = e, default = true}, function()
  return bk.scratch():mkfile("/a", os.getenv("B") or e, {mode = "0644"}), {labels = {["l" .. e] = e}}
end)`;

async function serve(given: string, options: readonly string[]) {
  const frontend = startFrontend({ script: given, options });
  const { exitCode, stderr } = await frontend.ended;
  expect([exitCode, stderr, frontend.returned.length]).toEqual([0, "", 1]);
  return frontend.returned[0];
}

/** Variables hold no NUL. */
const word = payload.replaceAll("\0", "");
const texts = { "result.txt": "", "result.json": "" };

describe.concurrent("a frontend", () => {
  test.each(["frontend.outline", "frontend.targets", "frontend.lint", "frontend.subrequests.describe"])(
    "answers %s with nothing that drives a terminal",
    async (request) => {
      const returned = await serve(script, [
        `requestid=${request}`,
        "frontend.caps=moby.buildkit.frontend.subrequests",
      ]);
      expect(returned?.error).toBeUndefined();
      const metadata = returned?.result?.metadata ?? {};
      for (const name of Object.keys(texts)) {
        const text = new TextDecoder().decode(metadata[name]);
        expect(text).not.toBe("");
        expectHarmless(text, name);
      }
    },
  );

  test.each([
    ["throws", `error(${luaPayload})`],
    ["asks for a module", `require(${luaPayload})`],
    ["names an image", `bk.export(bk.image(${luaPayload}))`],
    ["is no Lua", payload],
  ])("tells of a script that %s without what drives a terminal", async (_, given) => {
    const returned = await serve(given, []);
    expect(returned?.error?.message).not.toBe("");
    expectHarmless(returned?.error?.message ?? "");
  });

  test.each(
    [
      [`target=${word}`],
      [`platform=${word}`],
      [`filename=../../../etc/passwd${word}`],
      [`requestid=${word}`],
      [`build-arg:${word}=x`, "build-arg:__proto__=x", "constructor=y", "=z", ""],
      [`context=${word}`],
      [`context:x=docker-image://${word}`],
      ["ulimit=nofile=-1:1", `add-hosts=${word}`, `shm-size=${word}`],
      ["source=", "cmdline=x", `label:${word}=${word}`],
    ].map((options) => ({ options })),
  )("takes the options $options as words, or refuses them in one", async ({ options }) => {
    const returned = await serve('bk.export(bk.scratch():mkfile("/a", ""))', options);
    expectHarmless(returned?.error?.message ?? "");
    expect(returned?.error?.message ?? "").not.toContain("has a bug");
  });
});
