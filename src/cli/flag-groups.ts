import type { Command, Flag } from "./command.ts";

/** Flags that are read together, in the help and in docs/commands.md. */
export interface FlagGroup {
  /** Empty for those that are the command's own. */
  readonly title: string;
  readonly flags: readonly (readonly [name: string, flag: Flag])[];
}

/** Names of flags under the titles that they are shown with, in this order. */
const titles: Readonly<Record<string, readonly string[]>> = {
  Result: [
    "output",
    "tag",
    "push",
    "load",
    "label",
    "annotation",
    "metadata-file",
    "iidfile",
    "ref-file",
    "image-config",
  ],
  Script: ["build-arg", "opt", "target", "platform", "env", "context", "timeout", "no-resolve", "offline"],
  "Files and secrets": ["local", "build-context", "oci-layout", "secret", "ssh"],
  Cache: ["cache-from", "cache-to", "no-cache"],
  "Permissions and attestations": ["allow", "source-policy-file", "sbom", "provenance", "attest"],
  "Progress and reports": ["progress", "report", "trace"],
  Watching: ["watch", "poll"],
  Daemon: [
    ...["addr", "builder", "daemonless", "tlscacert", "tlscert", "tlskey", "tlsservername", "tlsdir"],
    "registry-auth-tlscontext",
  ],
};

/** A command with fewer flags than this has no groups but those that other commands have too. */
const many = 20;

/** The flags that are not hidden, in groups: the command's own first. */
export function groupFlags(command: Command): readonly FlagGroup[] {
  const shown = Object.entries(command.flags).filter(([, flag]) => !flag.hidden);
  const isUsed = (title: string) => {
    if (title === "Daemon") return true;
    return title === "Script" ? command.flags["build-arg"] !== undefined : shown.length >= many;
  };
  const used = Object.entries(titles).filter(([title]) => isUsed(title));
  // One flag alone makes no group.
  const groups = used.map(([title, names]) => ({ title, flags: pick(shown, names) })).filter(({ flags }) => flags[1]);
  const grouped = new Set(groups.flatMap(({ flags }) => flags.map(([name]) => name)));
  const own = { title: "", flags: shown.filter(([name]) => !grouped.has(name)) };
  return [own, ...groups].filter(({ flags }) => flags.length > 0);
}

function pick(shown: FlagGroup["flags"], names: readonly string[]): FlagGroup["flags"] {
  return names.flatMap((name) => shown.filter(([known]) => known === name));
}
