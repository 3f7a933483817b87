import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ByteStream } from "../h2/byte-stream.ts";

/** Ends a stream with `failure` when its peer sends no byte within `patience` milliseconds after the start. */
export function expectAnswer(bytes: ByteStream, patience: number, failure: () => LuakitError): ByteStream {
  return {
    start(sink) {
      let isClosed = false;
      let timer: Timer | undefined = setTimeout(() => {
        close(failure());
        bytes.destroy();
      }, patience);
      timer.unref();
      const heard = () => {
        clearTimeout(timer);
        timer = undefined;
      };
      const close = (error?: Error) => {
        if (isClosed) return;
        isClosed = true;
        heard();
        sink.close(error);
      };
      bytes.start({
        data: (part) => {
          if (timer !== undefined) heard();
          sink.data(part);
        },
        drain: () => sink.drain(),
        end: () => sink.end(),
        close,
      });
    },
    write: (part, release) => bytes.write(part, release),
    pause: () => bytes.pause(),
    resume: () => bytes.resume(),
    end: () => bytes.end(),
    destroy: () => bytes.destroy(),
  };
}
