import { LuakitError } from "../diagnostic/luakit-error.ts";
import { parseObject, textMember } from "../image/json.ts";
import type { ClientVertex } from "../progress/client-vertex.ts";
import { type EngineCall, type EngineResponse, requestEngine } from "../rpc/docker-http.ts";
import type { FileOutput } from "../session/file-output.ts";
import type { FileSink } from "../session/file-sink.ts";
import { dialLoadEngine } from "./load-engine.ts";
import type { OutputOptions } from "./open-outputs.ts";

/** An output whose archive goes into a Docker Engine: that of a docker context, else the current one. */
export async function loadOutput(
  exporterId: number,
  context: string | undefined,
  { host, progress, signal }: OutputOptions,
): Promise<FileOutput> {
  const { bytes } = await dialLoadEngine(context, host, signal);
  let isFull = false;
  let isOver = false;
  let wake = () => {};
  const call = requestEngine(bytes, {
    method: "POST",
    path: "/images/load?quiet=1",
    headers: [["Content-Type", "application/x-tar"]],
    onDrain() {
      isFull = false;
      wake();
    },
  });
  const loaded = call.response.then(checkLoaded);
  const end = () => {
    isOver = true;
    wake();
  };
  loaded.then(end, end);
  const write = async (batch: Uint8Array) => {
    // The call keeps what it is given, the batch is used again.
    if (!call.write(new Uint8Array(batch))) isFull = true;
    while (isFull && !isOver) {
      const room = Promise.withResolvers<void>();
      wake = room.resolve;
      await room.promise;
    }
    if (isOver) await loaded;
  };
  const open = () => engineSink(call, write, loaded, progress.clientVertex("loading into the Docker Engine"));
  return { kind: "file", exporterId, open, commit: () => call.cancel(), discard: () => call.cancel() };
}

/** The archive is in when the engine says so, and only then does the build go on. */
function engineSink(call: EngineCall, write: FileSink["write"], loaded: Promise<void>, vertex: ClientVertex): FileSink {
  let sent = 0;
  return {
    write(batch) {
      sent += batch.length;
      vertex.status("sending tarball", { current: sent });
      return write(batch);
    },
    async close() {
      call.end();
      try {
        await loaded;
        vertex.done();
      } catch (error) {
        vertex.fail(error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
    abort: () => call.cancel(),
  };
}

/** The engine answers with lines of JSON; one with `error` means that it did not load, whatever the status. */
function checkLoaded({ status, body }: EngineResponse): void {
  const lines = new TextDecoder().decode(body).split("\n");
  const messages = lines.map((line) => parseObject(line) ?? {});
  const error = messages.map((message) => textMember(message, "error") ?? refusal(status, message)).find(Boolean);
  if (error !== undefined) throw new LuakitError("engine.load", `the Docker Engine did not load the image: ${error}`);
  if (status >= 300) throw new LuakitError("engine.load", `the Docker Engine answers ${status} to POST /images/load`);
}

function refusal(status: number, message: Readonly<Record<string, unknown>>): string | undefined {
  return status >= 300 ? textMember(message, "message") : undefined;
}
