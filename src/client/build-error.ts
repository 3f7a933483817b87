import { LuakitError, type Position } from "../diagnostic/luakit-error.ts";
import { configFile } from "../image/docker-config.ts";
import { statusOf } from "../rpc/status.ts";
import { type AuthRecord, explainRefusal } from "../session/auth-refusal.ts";
import { readErrorDetails } from "./error-details.ts";

/**
 * What a build failed of, as people understand it: at the script's line when the daemon knows it, as one about a login
 * when it is. `configDir` is Docker's.
 */
export function explainFailure(error: unknown, record: AuthRecord, configDir: string): unknown {
  if (!(error instanceof LuakitError)) return error;
  return explainRefusal(failureOf(error), record, configFile(configDir));
}

function failureOf(error: LuakitError): LuakitError {
  const status = statusOf(error);
  if (status === undefined) return error;
  const { sources } = readErrorDetails(status.details);
  const [position, ...callers] = sources.length > 0 ? sources : ownPlaces(error);
  const message =
    status.message === ""
      ? error.message
      : status.message.replace(/^(failed to solve: |rpc error: code = \w+ desc = )+/, "");
  return new LuakitError("build.failed", message, { position, callers, cause: status, hint: hintOf(message) });
}

/** Where the script asked for what the daemon has refused, with the calls that led there. */
function ownPlaces({ position, callers }: LuakitError): readonly Position[] {
  return position === undefined ? [] : [position, ...callers];
}

function hintOf(message: string): string | undefined {
  const entitlement = /\b(network\.host|security\.insecure|device\S*) is not allowed\b(?! by build daemon)/.exec(
    message,
  )?.[1];
  if (entitlement !== undefined) return `allow it: --allow ${entitlement}`;
  const secret = /\bsecret (\S+): not found$/.exec(message)?.[1];
  if (secret !== undefined) return `give it: --secret id=${secret},src=FILE or --secret id=${secret},env=NAME`;
  const key = missingKey.exec(message);
  if (key !== null) return `forward one: --ssh ${key[1] || key[2] || "default"}`;
  const local = /no access allowed to dir "(.+)"$/.exec(message)?.[1];
  if (local !== undefined) return `give it: --local ${local}=DIR`;
  if (/does not serve \S*containerd\.services\.content/.test(message)) return "give the layout: --oci-layout NAME=DIR";
  if (/checksum of ref \S+: ".*": not found$/.test(message)) return leftOut;
  return message.endsWith("unknown entitlement device") ? "BuildKit v0.20 or newer knows it" : undefined;
}

const leftOut = "it is not where it is copied from; include, exclude and .dockerignore leave files out";

/** What daemons say of an agent that a step needs, and what a session without any says. */
const missingKey = /no SSH key "([^"]*)" forwarded|unset ssh forward key (\S+)$|does not serve \S+SSH/;
