/** An OCI platform. `variant` is absent where the architecture has a default one (`arm64` is `v8`). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

/** The platform in containerd's canonical spelling: `linux/x86_64` is `linux/amd64`, `linux/arm` is `linux/arm/v7`. */
export function normalizePlatform(os: string, architecture: string, variant = ""): Platform {
  const system = os.toLowerCase() === "macos" ? "darwin" : os.toLowerCase();
  const [machine, level] = normalizeArchitecture(architecture.toLowerCase(), variant.toLowerCase());
  return level === "" ? { os: system, architecture: machine } : { os: system, architecture: machine, variant: level };
}

/** `linux/arm64/v9`. */
export function formatPlatform(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return variant === undefined || variant === "" ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

function normalizeArchitecture(architecture: string, variant: string): readonly [string, string] {
  switch (architecture) {
    case "i386":
      return ["386", ""];
    case "amd64":
    case "x86_64":
    case "x86-64":
      return ["amd64", variant === "v1" ? "" : variant];
    case "arm64":
    case "aarch64":
      return ["arm64", normalizeArm64(variant)];
    case "armhf":
      return ["arm", "v7"];
    case "armel":
      return ["arm", "v6"];
    case "arm":
      return ["arm", variant === "" ? "v7" : variant.replace(/^[5-8]$/, "v$&")];
    default:
      return [architecture, variant];
  }
}

function normalizeArm64(variant: string): string {
  if (variant === "8" || variant === "v8" || variant === "v8.0") return "";
  return variant === "9" || variant === "9.0" || variant === "v9.0" ? "v9" : variant;
}
