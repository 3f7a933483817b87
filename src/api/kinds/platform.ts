import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import { handle } from "../../lua/handle.ts";
import type { Kind } from "../../lua/kind.ts";
import { text } from "../../lua/scalar.ts";
import { options } from "../../lua/table.ts";
import { type Platform, parsePlatform, validatePlatform } from "../../oci/platform.ts";
import { platformHandle } from "../handles.ts";

const parts = options(
  {
    os: { kind: text, doc: "The operating system, `linux` if absent." },
    arch: { kind: text, doc: "The architecture: `amd64`, `arm64`, `arm`." },
    architecture: { kind: text, doc: "The same as `arch`." },
    variant: { kind: text, doc: "The variant of the architecture: `v7` of `arm`." },
  },
  { type: "PlatformParts" },
);

/** `"linux/arm64"`, `bk.platform("linux", "arm64")` or `{os = "linux", arch = "arm64"}`. */
export const platform: Kind<Platform> = refine(
  oneOf(text, handle(platformHandle), parts),
  { type: "Platform|string|PlatformParts", expected: "Platform or string" },
  (value) => {
    return typeof value === "string" ? parsePlatform(value) : platformOfParts(value);
  },
);

interface PlatformParts {
  readonly os?: string;
  readonly arch?: string;
  readonly architecture?: string;
  readonly variant?: string | undefined;
}

function platformOfParts({ os = "linux", arch, architecture, variant }: PlatformParts): Platform {
  if (arch !== undefined && architecture !== undefined && arch !== architecture) {
    throw new LuakitError("script.option", `the platform has two architectures: "${arch}" and "${architecture}"`);
  }
  const machine = arch ?? architecture;
  if (machine === undefined) {
    throw new LuakitError("script.option", "the platform has no architecture", { hint: 'write arch = "arm64"' });
  }
  return checkPlatform({ os, architecture: machine, ...(variant === undefined ? {} : { variant }) });
}

/** The normalised platform; empty parts are refused. */
export function checkPlatform(given: Platform): Platform {
  if (given.os === "" || given.architecture === "") {
    throw new LuakitError("script.option", "a platform has an operating system and an architecture", {
      hint: 'write "linux/amd64"',
    });
  }
  return validatePlatform(given);
}
