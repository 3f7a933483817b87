import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FlagContext } from "./flag-context.ts";

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/**
 * Fills in the credentials of a `type=s3` cache from the AWS variables, else from the shared credentials and config files,
 * in the way of buildx. Nothing is done when both keys are given; nothing found means that the daemon has its own.
 */
export function addAwsCredentials(attributes: Map<string, string>, context: FlagContext): void {
  if (attributes.has("access_key_id") && attributes.has("secret_access_key")) return;
  const found = fromVariables(context) ?? fromFiles(context);
  if (found === undefined) return;
  fill(attributes, "access_key_id", found.accessKeyId);
  fill(attributes, "secret_access_key", found.secretAccessKey);
  fill(attributes, "session_token", found.sessionToken);
}

function fill(attributes: Map<string, string>, key: string, value: string | undefined): void {
  if (value && !attributes.has(key)) attributes.set(key, value);
}

function fromVariables({ variables }: FlagContext): Credentials | undefined {
  const accessKeyId = variables.AWS_ACCESS_KEY_ID || variables.AWS_ACCESS_KEY;
  const secretAccessKey = variables.AWS_SECRET_ACCESS_KEY || variables.AWS_SECRET_KEY;
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: variables.AWS_SESSION_TOKEN };
}

function fromFiles({ variables }: FlagContext): Credentials | undefined {
  const profile = variables.AWS_PROFILE || "default";
  const directory = join(variables.HOME || variables.USERPROFILE || "/", ".aws");
  const credentials = readSections(variables.AWS_SHARED_CREDENTIALS_FILE || join(directory, "credentials"));
  const config = readSections(variables.AWS_CONFIG_FILE || join(directory, "config"));
  const section = { ...config.get(`profile ${profile}`), ...credentials.get(profile) };
  const fallback = profile === "default" ? { ...config.get("default"), ...section } : section;
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } = fallback;
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: fallback.aws_session_token };
}

/** The sections of an ini file; none of one that cannot be read. */
function readSections(file: string): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const sections = new Map<string, Record<string, string>>();
  let current: Record<string, string> = {};
  for (const line of readText(file).split(/\r?\n/)) {
    const name = /^\s*\[\s*(.+?)\s*\]/.exec(line)?.[1]?.replace(/\s+/g, " ");
    if (name !== undefined) {
      current = sections.get(name) ?? {};
      sections.set(name, current);
    }
    const [, key, value] = /^([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined) current[key] = value ?? "";
  }
  return sections;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // No file is no credentials; the daemon may have its own.
    return "";
  }
}
