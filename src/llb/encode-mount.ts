import type { Writer } from "../wire/writer.ts";
import type { CacheSharing, Mount, SecretMount, SshMount } from "./mount.ts";

// pb.MountType, pb.CacheSharingOpt, pb.MountContentCache
const types: Record<Mount["type"], number> = { bind: 0, secret: 1, ssh: 2, cache: 3, tmpfs: 4 };
const sharings: Record<CacheSharing, number> = { shared: 0, private: 1, locked: 2 };
const contentCaches = { on: 1, off: 2 } as const;

/**
 * Writes a pb.Mount; `input` is the number of the op's input or -1. That -1 and every kind's own message are always
 * written: a daemon falls over where they are missing.
 */
export function writeMount(
  writer: Writer,
  place: { readonly mount: Mount; readonly dest: string; readonly output: number },
  input: number,
): void {
  const { mount } = place;
  const mark = writer.begin(2);
  writer.number(1, input);
  writer.text(2, mount.type === "bind" || mount.type === "cache" ? mount.selector : "");
  writer.text(3, place.dest);
  // The daemon does not look at the output of secrets and agents, and Go's client leaves it 0.
  writer.number(4, mount.type === "secret" || mount.type === "ssh" ? 0 : place.output);
  writer.flag(5, mount.type === "bind" && mount.readonly);
  writer.number(6, types[mount.type]);
  writeOptions(writer, mount);
  writer.end(mark);
}

function writeOptions(writer: Writer, mount: Mount): void {
  if (mount.type === "bind") {
    if (mount.contentCache !== undefined) writer.number(24, contentCaches[mount.contentCache]);
  } else if (mount.type === "tmpfs") {
    const start = writer.begin(19);
    writer.number(1, mount.size);
    writer.end(start);
  } else if (mount.type === "cache") {
    const start = writer.begin(20);
    writer.text(1, mount.id);
    writer.number(2, sharings[mount.sharing]);
    writer.end(start);
  } else {
    writeFile(writer, mount);
  }
}

// pb.SecretOpt and pb.SSHOpt are alike.
function writeFile(writer: Writer, mount: SecretMount | SshMount): void {
  const start = writer.begin(mount.type === "secret" ? 21 : 22);
  writer.text(1, mount.id);
  writer.number(2, mount.uid);
  writer.number(3, mount.gid);
  writer.number(4, mount.mode);
  writer.flag(5, mount.optional);
  writer.end(start);
}
