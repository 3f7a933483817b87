/** What Bun's page on licences says of a library, as an SPDX expression; undefined where it only says that there are several. */
const expressions: Readonly<Record<string, string | undefined>> = {
  MIT: "MIT",
  "MIT licensed": "MIT",
  "BSD 3-Clause": "BSD-3-Clause",
  "BSD 2-Clause": "BSD-2-Clause",
  "Apache 2.0": "Apache-2.0",
  "Apache 2.0 licensed": "Apache-2.0",
  "LGPL-2": "LGPL-2.0-or-later",
  "LGPL v2.1": "LGPL-2.1-or-later",
  zlib: "Zlib",
  "ICU license": "Unicode-3.0",
  "public domain": "blessing",
  "several licenses": undefined,
  "MIT (bundled xxhash is BSD 2-Clause)": "MIT AND BSD-2-Clause",
  "MIT (portions derived from Chromium proto-quic, BSD 3-Clause)": "MIT AND BSD-3-Clause",
  "BSD 2-Clause (portions derived from libpng, PNG Reference Library License v2)": "BSD-2-Clause AND libpng-2.0",
  "BSD 3-Clause / IJG / zlib": "BSD-3-Clause AND IJG AND Zlib",
  "dual-licensed under the Perl License or the MIT License": "MIT OR Artistic-1.0-Perl OR GPL-1.0-or-later",
  "dual-licensed under the BSD License or GPLv2 license": "BSD-3-Clause OR GPL-2.0-only",
  "dual-licensed under CC0 1.0 or the BSD 2-Clause License": "CC0-1.0 OR BSD-2-Clause",
};

/** Throws where the page says what it did not say before: somebody has to look. */
export function licenseExpression(said: string): string | undefined {
  if (!Object.hasOwn(expressions, said)) throw new Error(`no SPDX expression is known for "${said}"`);
  return expressions[said];
}

/** What is chosen where a choice is given: the first. */
export function chosenLicense(expression: string): string {
  return expression.split(" OR ")[0] ?? expression;
}
