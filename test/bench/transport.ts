import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench, Part } from "./bench.ts";
import type { Contender } from "./case.ts";
import { benchProgram } from "./stopwatch.ts";

const gibibyte = 1024 ** 3;

const moves = [
  { what: "up", amount: gibibyte, name: "HTTP/2, send 1 GiB", about: "messages of 32 KiB on one stream" },
  { what: "down", amount: gibibyte, name: "HTTP/2, receive 1 GiB", about: "messages of 32 KiB on one stream" },
  { what: "calls", amount: 5_000, name: "HTTP/2, 5,000 calls", about: "calls of 64 bytes, one after the other" },
  { what: "many", amount: 20_000, name: "HTTP/2, 20,000 calls", about: "calls of 64 bytes, 100 at a time" },
];

/** luakit's HTTP/2 and grpc-go's as clients of the same server, which is grpc-go's, over a unix socket. */
export async function* transportCases(bench: Bench): Part {
  const program = await benchProgram("transport");
  const path = join(bench.folder, "transport.sock");
  const server = Bun.spawn([program, "serve", path], { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  try {
    await server.stdout.getReader().read();
    const source = join(import.meta.dir, "transport-client.ts");
    for (const { what, amount, name, about } of moves) {
      const words = [what, path, String(amount)];
      const contenders: Contender[] = [
        client(bench, "luakit", [process.execPath, source, ...words]),
        { ...client(bench, "other", [program, ...words]), label: "grpc-go" },
      ];
      const none = "is no library";
      const lacking = { buildctl: none, buildx: none, "Go luakit": none };
      const all = `${about}, from the client to a server of grpc-go, start not counted`;
      yield { part: "transport", name, about: all, rounds: 4, contenders, lacking };
    }
  } finally {
    server.stdin.end();
    await server.exited;
  }
}

/** A client says itself what it took, without its start; its memory is that of the whole process. */
function client({ stopwatch }: Bench, column: Contender["column"], argv: readonly string[]): Contender {
  return {
    column,
    async sample() {
      const { memory } = await stopwatch.run({ argv: ["sh", "-c", 'exec "$@" >&2', "sh", ...argv] });
      const { wall, cpu } = JSON.parse(readFileSync(stopwatch.log, "utf8"));
      return { value: wall, cpu, ...(memory === undefined ? {} : { memory }) };
    },
  };
}
