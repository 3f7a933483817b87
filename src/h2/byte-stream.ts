/** A reliable, ordered stream of bytes under HTTP/2: a socket, a child's stdio, a tunnelled stream. */
export interface ByteStream {
  /** Called once; delivery begins. */
  start(sink: ByteSink): void;
  /**
   * Takes ownership of `bytes`, until it calls `release`, which a stream may do when it needs them no more. False: more
   * than the high-water mark is pending, wait for `sink.drain()`.
   */
  write(bytes: Uint8Array, release?: () => void): boolean;
  /** Stops delivery until `resume()`. */
  pause(): void;
  resume(): void;
  /** Half close, after all that is queued. */
  end(): void;
  /** Drops everything at once; `sink.close()` follows. */
  destroy(): void;
}

/** Where a {@link ByteStream} delivers. */
export interface ByteSink {
  /** `bytes` are the sink's until it returns: copy what you keep. */
  data(bytes: Uint8Array): void;
  /** There is room again after a `write()` that returned false. */
  drain(): void;
  /** The peer sends no more. */
  end(): void;
  /** The last call, made exactly once. */
  close(error?: Error): void;
}
