import type { Rule } from "./rule.ts";
import { undeclaredArgument, unreadBuildArg, unusedArgument } from "./rules/arguments.ts";
import {
  gitClone,
  insecureDownload,
  pipeWithoutPipefail,
  recursiveChange,
  runCd,
  runWithoutEffect,
  sudo,
} from "./rules/commands.ts";
import { copyBeforeInstall } from "./rules/copies.ts";
import { unpinnedDigest, unpinnedGit, unpinnedImage, unverifiedDownload } from "./rules/images.ts";
import {
  aptCommand,
  installLeftovers,
  installWithoutYes,
  loneIndexUpdate,
  systemUpgrade,
  uncachedInstall,
} from "./rules/installs.ts";
import { noDefaultTarget, rootUser, shellFormEntrypoint, similarTargets, unreachableTarget } from "./rules/results.ts";
import { hardCodedSecret, secretInArgument, secretInEnv } from "./rules/secrets.ts";
import { aptCacheSharing, relativeWorkdir, sharedCacheId, worldWritable } from "./rules/settings.ts";
import { decimalMode, deprecatedName, implicitGlobal, undefinedGlobal } from "./rules/text.ts";
import { unusedState } from "./rules/unused-state.ts";

/** What a script says with bk.warn. */
export const scriptWarning: Rule = {
  id: "script-warning",
  severity: "warning",
  summary: "the script itself warns, with bk.warn",
  check: () => [],
};

/** Words of ignore comments that mean nothing. */
export const unknownRule: Rule = {
  id: "unknown-rule",
  severity: "warning",
  summary: "a comment for luakit names a rule that does not exist",
  check: () => [],
};

/** Every rule, in the order of their names. */
export const rules: readonly Rule[] = [
  aptCacheSharing,
  aptCommand,
  copyBeforeInstall,
  decimalMode,
  deprecatedName,
  gitClone,
  hardCodedSecret,
  implicitGlobal,
  insecureDownload,
  installLeftovers,
  installWithoutYes,
  loneIndexUpdate,
  noDefaultTarget,
  pipeWithoutPipefail,
  recursiveChange,
  relativeWorkdir,
  rootUser,
  runCd,
  runWithoutEffect,
  scriptWarning,
  secretInArgument,
  secretInEnv,
  sharedCacheId,
  shellFormEntrypoint,
  similarTargets,
  sudo,
  systemUpgrade,
  uncachedInstall,
  undeclaredArgument,
  undefinedGlobal,
  unknownRule,
  unpinnedDigest,
  unpinnedGit,
  unpinnedImage,
  unreachableTarget,
  unreadBuildArg,
  unusedArgument,
  unusedState,
  unverifiedDownload,
  worldWritable,
];
