interface SecretPattern {
  readonly what: string;
  readonly pattern: RegExp;
}

/** Formats of which nothing but a secret is. */
const patterns: readonly SecretPattern[] = [
  { what: "an access key of AWS", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { what: "a token of GitHub", pattern: /\bgh[pousr]_[A-Za-z0-9]{36,}\b/g },
  { what: "a token of GitHub", pattern: /\bgithub_pat_\w{60,}\b/g },
  { what: "a token of GitLab", pattern: /\bgl(?:pat|dt|rt|cbt)-[\w-]{20,}/g },
  { what: "a token of Slack", pattern: /\bxox[abeprs]-[\w-]{20,}/g },
  { what: "a token of npm", pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { what: "a token of PyPI", pattern: /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}/g },
  { what: "a token of Docker Hub", pattern: /\bdckr_[po]at_[\w-]{27,}/g },
  { what: "an API key of Google", pattern: /\bAIza[\w-]{35}\b/g },
  { what: "a live key of Stripe", pattern: /\b[sr]k_live_[A-Za-z0-9]{20,}\b/g },
  { what: "an API key", pattern: /\bsk-(?:ant|proj)-[\w-]{20,}/g },
  { what: "a private key", pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\s[\s\S]{32,}/g },
  {
    what: "a URL with a password in it",
    pattern: /\b[a-z][a-z0-9+]{0,20}:\/\/[^\s/:@$<{]{1,100}:[^\s/:@$<{"']{3,200}(?=@)/g,
  },
];

/** Some of what every secret of these formats has in it. */
const trace =
  /AKIA|ASIA|gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt)-|xox[abeprs]-|npm_|pypi-AgE|dckr_[po]at_|AIza|[sr]k_live_|sk-(?:ant|proj)-|-----BEGIN |:\/\/[^\s/]+@/;

/** Keys that documentation shows. */
const example = /EXAMPLE$|^(.)\1*$/;

/** What is longer is data, which nobody writes by hand. */
const longest = 1 << 16;

/** The secrets within a text, or within the beginning of a long one, that are recognized by their form alone. */
export function findSecrets(text: string): readonly { readonly what: string; readonly secret: string }[] {
  const start = text.slice(0, longest);
  if (!trace.test(start)) return [];
  return patterns.flatMap(({ what, pattern }) =>
    [...start.matchAll(pattern)].flatMap(([secret]) => (example.test(secret) ? [] : [{ what, secret }])),
  );
}
