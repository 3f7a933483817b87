import { createServer, type Server } from "node:net";
import { shortHash } from "./place.ts";
import { say } from "./progress.ts";

/**
 * Runs `work` while no other process of the machine works on `directory`; waits for one that does. The lock is an
 * abstract unix socket: the kernel frees it with the process that holds it, however that ends.
 */
export async function locked<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const name = `luakit-testbed-lock-${shortHash(directory)}`;
  let server = await tryListen(name);
  if (server === undefined) say(`waiting for another process that works on ${directory}`);
  while (server === undefined) {
    await Bun.sleep(100);
    server = await tryListen(name);
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}

function tryListen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen({ path: `\0${name}` }, () => resolve(server));
  });
}
