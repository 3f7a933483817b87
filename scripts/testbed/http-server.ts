import { join } from "node:path";
import { ensureBackground } from "./background.ts";
import { httpToken, makeHttpFiles } from "./http-files.ts";
import { digestOf } from "./layout.ts";
import type { Place } from "./place.ts";
import { choosePort } from "./port.ts";
import type { HttpFileRecord, HttpServer } from "./record.ts";

/** Starts the HTTP file server. */
export async function startHttpServer(place: Place): Promise<HttpServer> {
  const name = "http-server";
  const port = await choosePort(place, name);
  const url = `http://127.0.0.1:${port}`;
  const accessLog = join(place.state, "log", `${name}.jsonl`);
  await ensureBackground(place, {
    name,
    argv: [process.execPath, join(place.scripts, "serve-http.ts"), String(port), accessLog],
    ready: async () => (await fetch(`${url}/headers`)).ok,
  });
  const files = makeHttpFiles();
  const describe = (path: string): HttpFileRecord => {
    const data = files[path]?.data ?? new Uint8Array();
    return { url: url + path, digest: digestOf(data), size: data.length };
  };
  return {
    url,
    hello: describe("/hello.txt"),
    data: describe("/data.bin"),
    archive: describe("/archive.tar.gz"),
    named: { ...describe("/named"), filename: "from-header.txt" },
    private: { ...describe("/private/secret.txt"), token: httpToken, header: `Bearer ${httpToken}` },
    headers: `${url}/headers`,
    accessLog,
  };
}
