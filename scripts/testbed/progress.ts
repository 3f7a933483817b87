const heartbeatSeconds = 10;

/** One line to a person; stdout stays free for `env`. */
export function say(line: string): void {
  process.stderr.write(`testbed: ${line}\n`);
}

/** Runs `work`, says when it starts, that it still goes on, and how long it took. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const elapsed = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  say(`${title} ...`);
  const heartbeat = setInterval(() => say(`${title}: ${elapsed()} so far`), heartbeatSeconds * 1000);
  try {
    const value = await work();
    say(`${title}: done in ${elapsed()}`);
    return value;
  } finally {
    clearInterval(heartbeat);
  }
}
