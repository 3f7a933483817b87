import { dlopen, ptr } from "bun:ffi";

const inet = 2;
const stream = 1;
const nonBlocking = 0o4000;

/** A port of this machine that takes no connection and refuses none, as behind a firewall that drops packets. */
export function openUnansweredPort(): { readonly port: number; close(): void } {
  const { symbols: libc } = dlopen("libc.so.6", {
    socket: { args: ["i32", "i32", "i32"], returns: "i32" },
    bind: { args: ["i32", "ptr", "u32"], returns: "i32" },
    connect: { args: ["i32", "ptr", "u32"], returns: "i32" },
    listen: { args: ["i32", "i32"], returns: "i32" },
    getsockname: { args: ["i32", "ptr", "ptr"], returns: "i32" },
    close: { args: ["i32"], returns: "i32" },
  });
  const place = new Uint8Array([inet, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  const listener = libc.socket(inet, stream, 0);
  libc.bind(listener, ptr(place), place.length);
  libc.listen(listener, 0);
  libc.getsockname(listener, ptr(place), ptr(new Uint32Array([place.length])));
  // The queue has room for one; nobody takes it, so the next ones hear nothing.
  const callers = [1, 2, 3].map(() => {
    const caller = libc.socket(inet, stream | nonBlocking, 0);
    libc.connect(caller, ptr(place), place.length);
    return caller;
  });
  return {
    port: ((place[2] ?? 0) << 8) + (place[3] ?? 0),
    close() {
      for (const descriptor of [listener, ...callers]) libc.close(descriptor);
    },
  };
}
