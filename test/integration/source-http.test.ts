import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { buildFails, buildTree, emit, unique } from "../support/build.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { http } = testbed();
/** A URL that no build before has asked for. */
const fresh = (url: string) => `${url}?${unique()}`;
const exported = (url: string, options = "", call = "bk.http") => `bk.export(${call}("${url}", {${options}}))`;

describe.concurrent("bk.http", () => {
  test("is the file alone, root's and nobody else's", async () => {
    const tree = await buildTree(exported(fresh(http.hello.url)));
    expect(tree.paths).toEqual(["hello.txt"]);
    expect(tree.text("hello.txt")).toBe("hello from the testbed\n");
    expect(tree.entry("hello.txt")).toMatchObject({ mode: "0600", owner: "0:0" });
  });

  test("bk.https takes the same", async () => {
    expect((await buildTree(exported(fresh(http.hello.url), "", "bk.https"))).paths).toEqual(["hello.txt"]);
  });

  test("has the name that the server gives", async () => {
    expect((await buildTree(exported(fresh(http.named.url)))).paths).toEqual([http.named.filename]);
  });

  test("filename, chmod, uid and gid are those of the file", async () => {
    const options = 'filename = "tool", chmod = "0755", uid = 1000, gid = 1234';
    const tree = await buildTree(exported(fresh(http.named.url), options));
    expect(tree.paths).toEqual(["tool"]);
    expect(tree.entry("tool")).toMatchObject({ mode: "0755", owner: "1000:1234" });
  });

  test("checksum lets the right file pass and no other", async () => {
    const right = await buildTree(exported(fresh(http.data.url), `checksum = "${http.data.digest}"`));
    expect(right.entry("data.bin").data).toHaveLength(http.data.size);
    const failure = await buildFails(exported(fresh(http.data.url), `checksum = "${http.hello.digest}"`));
    expect(failure).toContain("digest mismatch");
  });

  test("headers are sent", async () => {
    const agent = `agent-${unique()}`;
    const options = `headers = {["User-Agent"] = "${agent}", Accept = "text/x-testbed"}`;
    const tree = await buildTree(exported(fresh(http.headers), options));
    expect(tree.text("headers")).toContain(`user-agent: ${agent}\n`);
    expect(tree.text("headers")).toContain("accept: text/x-testbed\n");
    const accesses = readFileSync(http.accessLog, "utf8").split("\n");
    expect(accesses.filter((line) => line.includes(agent))).not.toBeEmpty();
    expect((await buildTree(exported(fresh(http.headers)))).text("headers")).not.toContain("text/x-testbed");
  });

  test("auth_header_secret is the Authorization header", async () => {
    const url = fresh(http.private.url);
    const script = exported(url, 'auth_header_secret = "web"');
    const given = { env: { WEB_OF_TEST: http.private.header }, secrets: ["id=web,env=WEB_OF_TEST"] };
    expect((await buildTree(script, given)).text("secret.txt")).toBe("only with a token\n");
    const { definition } = await emit(script, given);
    expect(new TextDecoder("latin1").decode(definition)).not.toContain(http.private.token);
  });

  test("without it a private file is refused", async () => {
    expect(await buildFails(exported(fresh(http.private.url)))).toContain("401");
  });

  test("what is not there fails the build", async () => {
    expect(await buildFails(exported(`${http.url}/missing-${unique()}`))).toContain("404");
  });
});
