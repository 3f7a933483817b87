import { describe, expect, test } from "bun:test";
import { lintFindings, lintFound } from "../lint-found.ts";

const inEnv = (name: string, value = "s3cr3t-value") =>
  lintFound(`bk.export(bk.image("a:1"):run("x", {env = {${name} = "${value}"}}))`);

describe("secret-in-env", () => {
  test.each([
    ["PASSWORD"],
    ["DB_PASSWORD"],
    ["NPM_TOKEN"],
    ["API_KEY"],
    ["apikey"],
    ["AWS_SECRET_ACCESS_KEY"],
    ["CLIENT_SECRET"],
    ["TOKEN_2"],
    ["SECRET_VALUE"],
  ])("finds %s", (name) => {
    expect(inEnv(name)).toEqual(["secret-in-env"]);
  });

  test.each([
    ["TOKENIZER"],
    ["KEYBOARD"],
    ["AUTHOR"],
    ["PUBLIC_KEY"],
    ["GPG_KEY"],
    ["DB_PASSWORD_FILE"],
    ["SSH_KEY_PATH"],
    ["TOKEN_URL"],
    ["SECRET_NAME"],
    ["MONKEY"],
    ["COMPASS"],
    ["PATH"],
  ])("leaves %s alone", (name) => {
    expect(inEnv(name)).toEqual([]);
  });

  test.each([[""], ["true"], ["0"], ["/run/secrets/x"], ["$OTHER"], ["<your token>"], ["none"], ["xxxx"]])(
    "a value of %j is no secret",
    (value) => {
      expect(inEnv("API_TOKEN", value)).toEqual([]);
    },
  );

  test("looks at environments of States, of images and at labels", () => {
    expect(lintFound('bk.export(bk.image("a:1"):with_env({API_KEY = "abcdef"}))')).toEqual(["secret-in-env"]);
    expect(lintFound('bk.export(bk.image("a:1"), {env = {API_KEY = "abcdef"}})')).toEqual(["secret-in-env"]);
    expect(lintFound('bk.export(bk.image("a:1"), {labels = {api_key = "abcdef"}})')).toEqual(["secret-in-env"]);
    expect(lintFound('bk.export(bk.image("a:1"):run("x", {secrets_env = {API_KEY = "id"}}))')).toEqual([]);
  });

  test("the value is in no output", () => {
    const script = 'local key = "s3cr3t-value"\nbk.export(bk.image("a"):run("x", {env = {API_KEY = key}}))';
    const findings = lintFindings(script);
    expect(findings.length).toBe(2);
    const told = findings.map(({ problem }) => [problem.message, problem.hint, problem.position?.source].join("\n"));
    expect(told.join("\n")).not.toContain("s3cr3t");
    expect(told[0]).toContain('local key = "************"');
  });
});

test("an argument that looks like a secret is one, with or without a default", () => {
  const script = (rest: string) => `local t = bk.arg("NPM_TOKEN"${rest})\nbk.log(t or "")`;
  for (const rest of ["", ', "abcdef"', ", {required = false}"])
    expect(lintFound(script(rest))).toEqual(["secret-in-argument"]);
  const [finding] = lintFindings(script(', "abcdef"'));
  expect(finding?.problem.position?.source).not.toContain("abcdef");
  expect(lintFound('local t = bk.arg("TOKEN_FILE", "/x")\nbk.log(t)')).toEqual([]);
});

describe("hard-coded-secret", () => {
  const random = "Zk3v9QpL7mX2cR8tY5wB1nD6fH4jS0aGuEiO";
  const pem = `-----BEGIN PRIVATE KEY-----\\n${random}${random}\\n-----END PRIVATE KEY-----`;

  test.each([
    ["an access key of AWS", `AKIA${random.toUpperCase().slice(0, 16)}`],
    ["a token of GitHub", `ghp_${random}`],
    ["a token of GitLab", `glpat-${random.slice(0, 20)}`],
    ["a token of npm", `npm_${random}`],
    ["a private key", pem],
    ["a URL with a password in it", "https://me:hunter2@example.com/"],
  ])("finds %s", (what, text) => {
    const [finding, ...others] = lintFindings(`bk.log("before ${text} after")`);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      rule: "hard-coded-secret",
      severity: "error",
      problem: { message: `this is ${what}` },
    });
    expect(finding?.problem.position?.source).not.toContain(text.slice(0, 40));
  });

  test.each([
    ["AKIAIOSFODNN7EXAMPLE"],
    ["https://me:$PASSWORD@example.com/"],
    ["https://me@example.com/"],
    ["https://example.com:8080/a@b"],
    ["ghp_short"],
    ["grep 'BEGIN PRIVATE KEY' /etc"],
  ])("%s is none", (text) => {
    expect(lintFound(`bk.log("${text}")`)).toEqual([]);
  });

  test("finds what is put together in a file, and tells what is in a comment of nobody", () => {
    const script = `local half = "ghp_"\nbk.export(bk.scratch():mkfile("/t", half .. "${random}"))`;
    expect(lintFindings(script)).toMatchObject([{ rule: "hard-coded-secret", problem: { position: { line: 2 } } }]);
    expect(lintFound(`-- ghp_${random}`)).toEqual([]);
  });
});
