import type { Problem, Rule } from "../rule.ts";
import { calleeOf, firstText } from "../script-text.ts";
import type { SyntaxNode } from "../syntax/node.ts";

export const unreachableTarget: Rule = {
  id: "unreachable-target",
  severity: "warning",
  summary: "a target is written in the script, and never declared when it runs",
  *check({ texts, evaluation, isWhole }): Iterable<Problem> {
    if (!isWhole) return;
    const declared = new Set(evaluation.targets.map(({ name }) => name));
    for (const text of texts) {
      for (const node of text.syntax.calls) {
        const name = calleeOf(node) === "bk.target" ? firstText(node) : undefined;
        if (name === undefined || declared.has(name) || isConditional(node)) continue;
        const message = `nothing calls the function that declares the target "${name}"`;
        yield {
          message,
          hint: "call it, or declare the target outside",
          at: { ...text.mark(node), endColumn: undefined },
        };
      }
    }
  },
};

/** Whether it depends on something that the call is reached. */
function isConditional(node: SyntaxNode): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (/^(?:If|While|For|Repeat)$/.test(at.type)) return true;
    if (at.type === "Operation" && /^(?:and|or)$/.test(at.operator)) return true;
  }
  return false;
}

export const similarTargets: Rule = {
  id: "similar-targets",
  severity: "warning",
  summary: "two targets have names that differ in nothing but upper and lower case",
  *check({ evaluation }) {
    const known = new Map<string, string>();
    for (const { name, location } of evaluation.targets) {
      const other = known.get(name.toLowerCase());
      known.set(name.toLowerCase(), name);
      if (other === undefined) continue;
      const message = `the target "${name}" is "${other}" to clients that do not look at case`;
      yield { message, hint: "give it a name of its own", at: location };
    }
  },
};

export const noDefaultTarget: Rule = {
  id: "no-default-target",
  severity: "info",
  summary: "a script has several targets, and a build without --target fails",
  *check({ evaluation: { targets, exported } }) {
    const [first] = targets;
    if (targets.length < 2 || exported !== undefined || targets.some(({ isDefault }) => isDefault)) return;
    const names = targets.map(({ name }) => name);
    const message = `none of the targets ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""} is the default`;
    yield { message, hint: "write {default = true} at the one that people mean", at: first?.location };
  },
};

export const shellFormEntrypoint: Rule = {
  id: "shell-form-entrypoint",
  severity: "warning",
  summary: "an entrypoint or command that is text runs in a shell, which keeps signals from it",
  *check({ targets }) {
    const seen = new Set<unknown>();
    for (const { config, location } of targets) {
      if (seen.has(config) || config.shell !== undefined) continue;
      seen.add(config);
      for (const name of ["entrypoint", "cmd"] as const) {
        if (typeof config[name] !== "string") continue;
        const message = `"${name}" is text: the program runs below a shell, and is never told to stop`;
        yield { message, hint: `write a list: ${name} = {"program", "argument"}`, at: location };
      }
    }
  },
};

export const rootUser: Rule = {
  id: "root-user",
  severity: "info",
  summary: "an image says nothing of a user, so it mostly runs as root",
  isOptional: true,
  *check({ targets }) {
    const seen = new Set<unknown>();
    for (const { config, location } of targets) {
      if (seen.has(location) || !/^(?:|root|0)(?:$|:)/.test(config.user ?? "")) continue;
      seen.add(location);
      const message =
        config.user === undefined ? "the image has no user of its own" : `the image runs as "${config.user}"`;
      yield { message, hint: 'add user = "65532" or the name of a user to the config', at: location };
    }
  },
};
