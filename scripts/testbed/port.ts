import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Place } from "./place.ts";

/** The loopback port of service `name`: a free one the first time, then always the same, so that references last. */
export async function choosePort(place: Place, name: string): Promise<number> {
  const file = join(place.state, "run", `${name}.port`);
  if (existsSync(file)) return Number(readFileSync(file, "utf8"));
  const port = await freePort();
  mkdirSync(join(place.state, "run"), { recursive: true });
  writeFileSync(file, String(port));
  return port;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
