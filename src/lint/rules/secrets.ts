import type { LintContext } from "../context.ts";
import { decodeString } from "../lua-string.ts";
import { isVariables, optionsOf, textOf } from "../record-calls.ts";
import type { Mark, Problem, Rule } from "../rule.ts";
import { findSecrets } from "../secret-pattern.ts";

const word = "api_?key|auth|credentials?|key|pass|passwd|password|passphrase|pwd|pword|secret|token";
const secretName = new RegExp(`(?:^|_)(?:${word})(?:_?\\d+)?$|^(?:${word})(?:_|$)`, "i");
/** What says where a secret is, or about it, and names of keys that everybody may know. */
const harmlessName =
  /(?:^|_)(?:public|gpg|cache|sort|primary|foreign)_?keys?\d*$|_(?:file|path|dir|id|name|url|uri|type|method|ttl|sock)$/i;
const harmlessValue = /^(?:|true|false|yes|no|on|off|none|null|nil|\d{1,5}|\/.*|\$.*|.*[<>].*|x+|\*+)$/i;

/** Whether a variable's name says that its value is nobody's business. */
function isSecretName(name: string): boolean {
  return secretName.test(name) && !harmlessName.test(name);
}

function* namedSecrets(variables: unknown, where: string, at: Mark | undefined): Iterable<Problem> {
  if (!isVariables(variables)) return;
  for (const [name, value] of variables) {
    if (!isSecretName(name) || harmlessValue.test(value)) continue;
    const message = `"${name}" is ${where}, where everybody who has the image or its cache can read it`;
    const hint = `give it to the steps that need it alone: secrets_env = {${name} = "id"}, or bk.secret`;
    yield { message, hint, at, secret: value };
  }
}

export const secretInEnv: Rule = {
  id: "secret-in-env",
  severity: "warning",
  summary: "a variable that looks like a secret is in the environment of a step or an image",
  *check({ ownCalls, targets }) {
    for (const call of ownCalls) {
      if (call.name === "state:run") yield* namedSecrets(optionsOf(call).env, "in the environment", call.location);
      if (call.name === "state:with_env") yield* namedSecrets(call.args[0], "in the environment", call.location);
    }
    const seen = new Set<unknown>();
    for (const { config, location } of targets) {
      if (seen.has(config)) continue;
      seen.add(config);
      yield* namedSecrets(config.env, "in the image's config", location);
      yield* namedSecrets(config.labels, "in the image's labels", location);
    }
  },
};

export const secretInArgument: Rule = {
  id: "secret-in-argument",
  severity: "warning",
  summary: "a build argument that looks like a secret ends up in the build's cache and provenance",
  *check({ ownCalls, evaluation }) {
    for (const call of ownCalls) {
      const name = call.name === "bk.arg" ? textOf(call, 0) : undefined;
      if (name === undefined || !isSecretName(name)) continue;
      const preset = evaluation.arguments.find((each) => each.name === name)?.default;
      const hint = `give it as a secret: --secret id=${name.toLowerCase()} and secrets_env, or bk.secret`;
      const secret = typeof preset === "string" && !harmlessValue.test(preset) ? preset : undefined;
      const message = `the build argument "${name}" looks like a secret${secret === undefined ? "" : ", with a default"}`;
      yield { message, hint, at: call.location, secret };
    }
  },
};

export const hardCodedSecret: Rule = {
  id: "hard-coded-secret",
  severity: "error",
  summary: "a token, a private key or a password in a URL is written in the script",
  *check(context) {
    const seen = new Set<string>();
    for (const { secret, what, at } of [...inTexts(context), ...inFiles(context)]) {
      if (seen.has(secret)) continue;
      seen.add(secret);
      const hint = "take it out of the script, and revoke it; bk.secret lends a step what it needs";
      yield { message: `this is ${what}`, hint, at, secret };
    }
  },
};

interface Found {
  readonly secret: string;
  readonly what: string;
  readonly at: Mark | undefined;
}

function* inTexts({ texts }: LintContext): Iterable<Found> {
  for (const text of texts) {
    for (const node of text.syntax.strings) {
      if (node.raw.length < 12) continue;
      for (const found of findSecrets(decodeString(node.raw))) yield { ...found, at: text.mark(node) };
    }
  }
}

/** What several pieces of text are only together. */
function* inFiles({ ownCalls }: LintContext): Iterable<Found> {
  for (const { name, args, location } of ownCalls) {
    const data = name.endsWith(":mkfile") ? args[1] : undefined;
    if (!(data instanceof Uint8Array)) continue;
    for (const found of findSecrets(new TextDecoder().decode(data.subarray(0, 1 << 16))))
      yield { ...found, at: location };
  }
}
