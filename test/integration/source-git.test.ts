import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type BuildOptions, buildFails, buildTree, emit, unique } from "../support/build.ts";
import { quote } from "../support/probe.ts";
import { testbed } from "../support/testbed.ts";

setDefaultTimeout(60_000);

const { git } = testbed();
const { commits } = git;
const exported = (url: string, options = "") => `bk.export(bk.git("${url}", {${options}}))`;
const readme = async (url: string, options = "", given: BuildOptions = {}) =>
  (await buildTree(exported(url, options), given)).text("README.md").trim();

describe.concurrent("bk.git", () => {
  test("is the default branch with its submodules and without .git", async () => {
    const tree = await buildTree(exported(git.url));
    expect(tree.text("README.md")).toBe("main\n");
    expect(tree.text("module/module.txt")).toBe("from the submodule\n");
    expect(tree.entry("bin/run.sh").mode).toBe("0755");
    expect(tree.entry("link")).toMatchObject({ type: "symlink", target: "README.md" });
    expect(tree.has("feature.txt")).toBe(false);
    expect(tree.has(".git")).toBe(false);
  });

  test("submodules = false leaves them out", async () => {
    const tree = await buildTree(exported(git.url, "submodules = false"));
    expect(tree.has("README.md")).toBe(true);
    expect(tree.has("module/module.txt")).toBe(false);
  });

  test("keep_git_dir keeps .git", async () => {
    const tree = await buildTree(exported(git.url, "keep_git_dir = true"));
    expect(tree.has(".git/HEAD")).toBe(true);
  });
});

describe.concurrent("bk.git ref", () => {
  test.each([
    ["feature", "feature"],
    ["refs/heads/feature", "refs/heads/feature"],
    ["a commit", commits.feature],
  ])("is %s", async (_, ref) => {
    expect((await buildTree(exported(git.url, `ref = "${ref}"`))).text("feature.txt")).toBe("on the branch\n");
  });

  test.each([
    ["v0.1", "v0.1"],
    ["refs/tags/v0.1", "refs/tags/v0.1"],
    ["an earlier commit", commits.first],
  ])("is %s", async (_, ref) => {
    expect(await readme(git.url, `ref = "${ref}"`)).toBe("first");
  });

  test("is an annotated tag", async () => {
    expect(await readme(git.url, 'ref = "v1.0"')).toBe("main");
  });

  test("is in the URL", async () => {
    expect(await readme(`${git.url}#v0.1`)).toBe("first");
    expect(await readme(`${git.url}?ref=v0.1`)).toBe("first");
    expect(await readme(`${git.url}?tag=v0.1`)).toBe("first");
    expect((await buildTree(exported(`${git.url}?branch=feature`))).has("feature.txt")).toBe(true);
  });

  test("that is not there fails the build", async () => {
    expect(await buildFails(exported(git.url, 'ref = "no-such-branch"'))).toContain("no-such-branch");
  });
});

describe.concurrent("bk.git subdir", () => {
  test.each([
    ["", 'subdir = "sub/dir"'],
    ["", 'ref = "feature", subdir = "/sub/dir/"'],
    ["#:sub/dir", ""],
    ["#feature:sub/dir", ""],
    ["?subdir=sub/dir", ""],
  ])("%s with {%s} is only that directory", async (rest, options) => {
    expect((await buildTree(exported(`${git.url}${rest}`, options))).paths).toEqual(["file.txt"]);
  });
});

describe.concurrent("bk.git checksum", () => {
  test.each([
    ["the commit", commits.main],
    ["its first digits", commits.main.slice(0, 12)],
  ])("%s lets the branch pass", async (_, commit) => {
    expect(await readme(git.url, `ref = "main", checksum = "${commit}"`)).toBe("main");
  });

  test("of another commit fails the build", async () => {
    const failure = await buildFails(exported(git.url, `ref = "main", checksum = "${commits.first}"`));
    expect(failure).toContain("expected checksum to match");
  });
});

describe.concurrent("bk.git of a private repository", () => {
  const env = { TOKEN_OF_TEST: git.token, HEADER_OF_TEST: git.header };
  const closed = /terminal prompts disabled|Authentication failed|401/;
  const cases = [
    ["auth_token_secret", 'auth_token_secret = "token"', "id=token,env=TOKEN_OF_TEST"],
    ["auth_header_secret", 'auth_header_secret = "header"', "id=header,env=HEADER_OF_TEST"],
    ["GIT_AUTH_TOKEN", "", "id=GIT_AUTH_TOKEN,env=TOKEN_OF_TEST"],
    ["GIT_AUTH_HEADER", "", "id=GIT_AUTH_HEADER,env=HEADER_OF_TEST"],
  ] as const;

  test.each(cases)("%s opens it", async (_, options, secret) => {
    const tree = await buildTree(exported(git.privateUrl, options), { env, secrets: [secret] });
    expect(tree.text("private.txt")).toBe("only with a token\n");
  });

  // The daemon may answer for one build with what another one was given: closed sources have ids of their own.
  test("without a secret it stays closed", async () => {
    const script = exported(git.privateUrl, `auth_token_secret = "${unique()}"`);
    expect(await buildFails(script)).toMatch(closed);
  });

  test("a secret of another id does not open it", async () => {
    const secrets = ["id=other,env=TOKEN_OF_TEST"];
    const script = exported(git.privateUrl, `auth_header_secret = "${unique()}"`);
    expect(await buildFails(script, { env, secrets })).toMatch(closed);
  });

  test("no token stands in the Definition", async () => {
    const { definition } = await emit(exported(git.privateUrl, 'auth_token_secret = "token"'), { env });
    expect(new TextDecoder("latin1").decode(definition)).not.toContain(git.token);
  });
});

describe.concurrent("bk.git over ssh", () => {
  const { url, knownHosts, agent } = git.ssh;
  const known = `known_hosts = ${quote(knownHosts)}`;

  test("takes the agent and the known hosts", async () => {
    expect(await readme(url, known, { ssh: [`default=${agent}`] })).toBe("main");
    expect(await readme(`${url}#v0.1`, known, { ssh: [`default=${agent}`] })).toBe("first");
  });

  test("ssh names the agent", async () => {
    expect(await readme(url, `ssh = "deploy", ${known}`, { ssh: [`deploy=${agent}`] })).toBe("main");
    const failure = await buildFails(exported(url, `ssh = "deploy", ${known}`), { ssh: [`default=${agent}`] });
    expect(failure).toContain("deploy");
  });

  test("a host with another key is refused", async () => {
    const wrong = knownHosts.replace(/AAAA\S+/, "AAAAC3NzaC1lZDI1NTE5AAAAIHaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    const failure = await buildFails(exported(url, `known_hosts = ${quote(wrong)}`), { ssh: [`default=${agent}`] });
    expect(failure).toContain("Host key verification failed");
  });

  test("an scp-like URL goes over ssh to port 22", async () => {
    const failure = await buildFails(exported("root@127.0.0.1:sample.git", known), { ssh: [`default=${agent}`] });
    expect(failure).toMatch(/127\.0\.0\.1 port 22|Host key verification failed/);
  });
});
