import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Platform, validatePlatform } from "../oci/platform.ts";

/** What BuildKit tells the container of a frontend: gateway.md §1.1. */
export interface FrontendEnvironment {
  /** The client's session: local files come from there. */
  readonly sessionId: string;
  /** What the client asks of the frontend, by name. */
  readonly options: ReadonlyMap<string, string>;
  /** The platform that the daemon runs steps on without emulation. */
  readonly platform: Platform | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Whether this process was started by BuildKit as a frontend. */
export function isFrontend(variables: Variables): boolean {
  return variables.BUILDKIT_SESSION_ID !== undefined && variables.BUILDKIT_WORKERS !== undefined;
}

/** Reads what BuildKit says. Throws for what no BuildKit writes. */
export function readEnvironment(variables: Variables): FrontendEnvironment {
  return {
    sessionId: variables.BUILDKIT_SESSION_ID ?? "",
    options: readOptions(variables),
    platform: readPlatform(variables.BUILDKIT_WORKERS ?? "[]"),
  };
}

function readOptions(variables: Variables): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined || !/^BUILDKIT_FRONTEND_OPT_\d+$/.test(name)) continue;
    const at = value.indexOf("=");
    options.set(at < 0 ? value : value.slice(0, at), at < 0 ? "" : value.slice(at + 1));
  }
  return options;
}

/** The first platform of the first worker, as the Dockerfile frontend takes it. */
function readPlatform(workers: string): Platform | undefined {
  const platform: unknown = parseJson(workers)?.[0]?.platforms?.[0];
  if (typeof platform !== "object" || platform === null) return undefined;
  const { os, architecture, variant } = Object.assign({ os: "", architecture: "", variant: "" }, platform);
  return validatePlatform(variant === "" ? { os, architecture } : { os, architecture, variant });
}

function parseJson(text: string) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LuakitError("usage", "BUILDKIT_WORKERS is no JSON", { cause });
  }
}
