import type { HandleType } from "../lua/handle.ts";
import { jsonFunctions } from "../lua/json.ts";
import { bkArg, bkBuildPlatform, bkPlatform, bkTargetPlatform } from "./arguments.ts";
import type { ApiFunction } from "./define.ts";
import { bkExpand } from "./expand.ts";
import { bkExport, bkTarget } from "./export.ts";
import { fileFunctions } from "./files.ts";
import { bkDiff, bkMerge } from "./graph.ts";
import { filesHandle, mountHandle, platformHandle, stateHandle } from "./handles.ts";
import { bkLog, bkWarn } from "./log.ts";
import { bkBind, bkCache, bkSecret, bkSsh, bkTmpfs } from "./mounts.ts";
import { stateMount, stateRun } from "./run.ts";
import { bkDockerfile, bkFrontend } from "./source-frontend.ts";
import { bkBlob, bkImage, bkOciLayout, bkScratch } from "./source-image.ts";
import { bkGit, bkHttp, bkHttps, bkLocal } from "./source-remote.ts";
import { settingFunctions } from "./state-settings.ts";

/** Every function of the Lua API, in the order of its documents. */
export const apiFunctions: readonly ApiFunction[] = [
  bkImage,
  bkScratch,
  bkLocal,
  bkGit,
  bkHttp,
  bkHttps,
  bkOciLayout,
  bkBlob,
  bkDockerfile,
  bkFrontend,
  stateRun,
  stateMount,
  bkCache,
  bkSecret,
  bkSsh,
  bkTmpfs,
  bkBind,
  ...fileFunctions,
  ...settingFunctions,
  bkMerge,
  bkDiff,
  bkExport,
  bkTarget,
  bkArg,
  bkExpand,
  bkPlatform,
  bkTargetPlatform,
  bkBuildPlatform,
  bkLog,
  bkWarn,
  ...jsonFunctions,
];

/** The types of values that these functions pass around. */
export const apiHandles: readonly HandleType<unknown>[] = [stateHandle, mountHandle, platformHandle, filesHandle];
