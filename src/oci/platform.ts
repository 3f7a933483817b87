import { LuakitError } from "../diagnostic/luakit-error.ts";

/** An OCI platform. `variant` is absent where the architecture has a default one (`arm64` is `v8`). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

const knownSystems = ["linux", "windows", "darwin", "freebsd", "netbsd", "openbsd", "solaris", "plan9", "js", "aix"];

/** Parses `os/architecture[/variant]` and normalises it. */
export function parsePlatform(text: string): Platform {
  const parts = text.split("/");
  const [os, architecture, variant] = parts;
  if (!os || !architecture || parts.length > 3 || variant === "") {
    const hint =
      parts.length === 1 && text !== "" && !knownSystems.includes(text) ? `write "linux/${text}"` : undefined;
    throw invalid(`expected a platform such as "linux/amd64" or "linux/arm/v7", got "${text}"`, hint);
  }
  return validatePlatform({ os, architecture, variant });
}

/** `os/architecture` or `os/architecture/variant`. */
export function formatPlatform(platform: Platform): string {
  const base = `${platform.os}/${platform.architecture}`;
  return platform.variant ? `${base}/${platform.variant}` : base;
}

/** The one spelling of a platform, by the rules of containerd: lower case, `x86_64` is `amd64`, `arm64/v8` is `arm64`. */
export function normalizePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase();
  const [architecture, variant] = normalizeArchitecture(
    platform.architecture.toLowerCase(),
    platform.variant?.toLowerCase() ?? "",
  );
  const base = { os: os === "macos" ? "darwin" : os, architecture };
  return variant === "" ? base : { ...base, variant };
}

/** Like `normalizePlatform`, for platforms that people write: refuses what can be no platform. */
export function validatePlatform(platform: Platform): Platform {
  const normal = normalizePlatform(platform);
  if (normal.os.includes(".")) throw invalid(`platform: "${normal.os}" is no operating system`);
  for (const part of [platform.os, platform.architecture, platform.variant ?? ""]) {
    if (!/^[a-z0-9_.-]*$/i.test(part)) throw invalid(`platform: "${part}" has characters that no platform has`);
  }
  return normal;
}

function invalid(message: string, hint?: string): LuakitError {
  return new LuakitError("llb.invalid", message, { hint });
}

function normalizeArchitecture(architecture: string, variant: string): readonly [string, string] {
  switch (architecture) {
    case "i386":
      return ["386", ""];
    case "x86_64":
    case "x86-64":
    case "amd64":
      return ["amd64", variant === "v1" ? "" : variant];
    case "aarch64":
    case "arm64":
      return ["arm64", normalizeArm64Variant(variant)];
    case "armhf":
      return ["arm", "v7"];
    case "armel":
      return ["arm", "v6"];
    case "arm":
      return ["arm", normalizeArmVariant(variant)];
    default:
      return [architecture, variant];
  }
}

function normalizeArm64Variant(variant: string): string {
  if (["8", "v8", "v8.0"].includes(variant)) return "";
  return ["9", "9.0", "v9.0"].includes(variant) ? "v9" : variant;
}

function normalizeArmVariant(variant: string): string {
  if (variant === "" || variant === "7") return "v7";
  return ["5", "6", "8"].includes(variant) ? `v${variant}` : variant;
}
