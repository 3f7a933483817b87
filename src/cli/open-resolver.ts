import { join } from "node:path";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { openDockerConfig } from "../image/docker-config.ts";
import { createResolver, type Resolver } from "../image/resolve.ts";
import { luakitVersion } from "./luakit-version.ts";
import type { Terminal } from "./terminal.ts";

/** A resolver that uses the logins of docker and the mirrors of LUAKIT_REGISTRY_MIRRORS. */
export function openResolver({ variables }: Terminal): Resolver {
  const configDir = variables.DOCKER_CONFIG || join(variables.HOME || variables.USERPROFILE || "/", ".docker");
  return createResolver({
    credentials: openDockerConfig({ configDir, variables }),
    mirrors: parseMirrors(variables.LUAKIT_REGISTRY_MIRRORS ?? ""),
    userAgent: `luakit/${luakitVersion()}`,
  });
}

/** `docker.io=localhost:5000,ghcr.io=https://mirror`: hosts to ask before the registry itself. */
export function parseMirrors(text: string): Readonly<Record<string, readonly string[]>> {
  const mirrors: Record<string, string[]> = {};
  for (const entry of text.split(",")) {
    if (entry.trim() === "") continue;
    const [host = "", mirror = "", ...rest] = entry.split("=").map((part) => part.trim());
    if (host === "" || mirror === "" || rest.length > 0) {
      const hint = "write LUAKIT_REGISTRY_MIRRORS=docker.io=localhost:5000";
      throw new LuakitError(
        "usage",
        `LUAKIT_REGISTRY_MIRRORS: "${entry.replace(/[^/=]*@/, "…@")}" is not HOST=MIRROR`,
        { hint },
      );
    }
    mirrors[host] = [...(mirrors[host] ?? []), mirror];
  }
  return mirrors;
}
