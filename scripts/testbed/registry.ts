import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBackground } from "./background.ts";
import { needProgram } from "./debian.ts";
import type { Place } from "./place.ts";
import { choosePort } from "./port.ts";
import type { AuthRegistry } from "./record.ts";

const credentials = { username: "tester", password: "pass-w0rd" };

/** Starts the open registry and gives `127.0.0.1:port`. */
export async function startRegistry(place: Place): Promise<string> {
  return start(place, "registry", []);
}

/** Starts the registry that wants basic auth. */
export async function startAuthRegistry(place: Place): Promise<AuthRegistry> {
  const name = "auth-registry";
  const passwords = join(place.state, name, "htpasswd");
  mkdirSync(join(place.state, name), { recursive: true });
  const hash = await Bun.password.hash(credentials.password, { algorithm: "bcrypt", cost: 4 });
  writeFileSync(passwords, `${credentials.username}:${hash}\n`);
  const host = await start(place, name, ["auth:", "  htpasswd:", "    realm: testbed", `    path: ${passwords}`]);
  return { host, ...credentials };
}

async function start(place: Place, name: string, auth: readonly string[]): Promise<string> {
  const directory = join(place.state, name);
  const host = `127.0.0.1:${await choosePort(place, name)}`;
  mkdirSync(directory, { recursive: true });
  const config = join(directory, "config.yml");
  writeFileSync(config, formatConfig(directory, host, auth));
  await ensureBackground(place, {
    name,
    argv: [needProgram("docker-registry"), "serve", config],
    ready: async () => [200, 401].includes((await fetch(`http://${host}/v2/`)).status),
  });
  return host;
}

function formatConfig(directory: string, host: string, auth: readonly string[]): string {
  const lines = [
    "version: 0.1",
    "log:",
    "  level: warn",
    "storage:",
    "  filesystem:",
    `    rootdirectory: ${join(directory, "data")}`,
    "  delete:",
    "    enabled: true",
    "http:",
    `  addr: ${host}`,
    ...auth,
  ];
  return `${lines.join("\n")}\n`;
}
