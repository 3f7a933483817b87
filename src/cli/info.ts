import { daemonVersion } from "../client/info.ts";
import { listWorkers } from "../client/workers.ts";
import { formatPlatform } from "../oci/platform.ts";
import { formatAddress } from "../rpc/format-address.ts";
import { type Command, flagValue } from "./command.ts";
import { connectFlags, withDaemon } from "./daemon-flags.ts";
import { printJson } from "./print-json.ts";
import { formatFields } from "./table.ts";

export const info: Command = {
  name: "info",
  summary: "Show which BuildKit daemon is used: its version, its address, and what chose it.",
  operands: "",
  maxOperands: 0,
  flags: {
    format: { type: "string", choices: ["text", "json"], value: "FORMAT", doc: "what to print, by default text" },
    ...connectFlags,
  },
  examples: [
    { command: "luakit info", doc: "Which daemon would a build use?" },
    { command: "luakit info --builder default", doc: "The BuildKit inside the Docker Engine" },
    { command: "luakit info --format json | jq -r .version", doc: "For scripts" },
  ],
  run: (input, terminal) =>
    withDaemon(input, terminal, async ({ channel, daemon, kind }) => {
      const [known, workers] = await Promise.all([daemonVersion(channel), listWorkers(channel)]);
      const version = known ?? workers[0]?.buildkit;
      const facts = {
        version: version?.version ?? "",
        package: version?.package ?? "",
        revision: version?.revision ?? "",
        dockerfile: version?.dockerfile ?? "",
        kind,
        address: formatAddress(daemon.address),
        source: daemon.source,
        workers: workers.length,
        platforms: [...new Set(workers.flatMap(({ platforms }) => platforms.map(formatPlatform)))],
      };
      terminal.out(flagValue(input, "format") === "json" ? printJson(facts) : describe(facts));
      return 0;
    }),
};

interface Facts {
  readonly version: string;
  readonly package: string;
  readonly revision: string;
  readonly dockerfile: string;
  readonly kind: "buildkit" | "docker";
  readonly address: string;
  readonly source: string;
  readonly platforms: readonly string[];
}

function describe(facts: Facts): string {
  const { version, kind } = facts;
  const engine = kind === "docker" ? ", inside a Docker Engine" : "";
  return formatFields([
    ["BuildKit", `${version || "before v0.11"} ${facts.package} ${facts.revision}`.trim() + engine],
    ["Dockerfile", facts.dockerfile],
    ["Address", facts.address],
    ["Chosen by", facts.source],
    ["Platforms", facts.platforms.join(", ")],
  ]);
}
