import { LuakitError } from "../diagnostic/luakit-error.ts";
import { choice, parseBoolean } from "./attribute-checks.ts";

/** The attribute `compression` of exporters and caches. */
export const compression = choice("uncompressed", "gzip", "estargz", "zstd");

/** Throws "usage" for what the daemon would refuse, some of it only after the build: kinds, media types and levels. */
export function checkCompression(flag: string, attributes: ReadonlyMap<string, string>): void {
  const kind = attributes.get("compression") ?? "gzip";
  const docker = parseBoolean(attributes.get("oci-mediatypes") ?? "true") === false;
  if (docker && (kind === "estargz" || kind === "zstd")) {
    throw new LuakitError("usage", `--${flag}: compression=${kind} needs OCI media types`, {
      hint: "leave out oci-mediatypes=false",
    });
  }
  if (docker && parseBoolean(attributes.get("oci-artifact") ?? "false")) {
    throw new LuakitError("usage", `--${flag}: oci-artifact=true needs OCI media types`, {
      hint: "leave out oci-mediatypes=false",
    });
  }
  checkLevel(flag, attributes);
}

/** Levels that the compression has: 0 to 9, of zstd to 22. */
function checkLevel(flag: string, attributes: ReadonlyMap<string, string>): void {
  const level = attributes.get("compression-level");
  if (level === undefined) return;
  const most = attributes.get("compression") === "zstd" ? 22 : 9;
  if (Number(level) >= 0 && Number(level) <= most) return;
  throw new LuakitError("usage", `--${flag}: "compression-level=${level}": expected 0 to ${most}`);
}
