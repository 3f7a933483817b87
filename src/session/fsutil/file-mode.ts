/** The bits of Go's os.FileMode, which is what `Stat.mode` holds; the lowest nine are the permissions. */
export const fileMode = {
  directory: 0x80000000,
  symlink: 0x08000000,
  device: 0x04000000,
  namedPipe: 0x02000000,
  socket: 0x01000000,
  setuid: 0x00800000,
  setgid: 0x00400000,
  characterDevice: 0x00200000,
  sticky: 0x00100000,
  irregular: 0x00080000,
} as const;

const anyType =
  fileMode.directory |
  fileMode.symlink |
  fileMode.device |
  fileMode.namedPipe |
  fileMode.socket |
  fileMode.characterDevice |
  fileMode.irregular;

/** Go's bits by the type in a `st_mode`. */
const types = new Map<number, number>([
  [0o010000, fileMode.namedPipe],
  [0o020000, fileMode.device | fileMode.characterDevice],
  [0o040000, fileMode.directory],
  [0o060000, fileMode.device],
  [0o100000, 0],
  [0o120000, fileMode.symlink],
  [0o140000, fileMode.socket],
]);

/** Go's mode of a `st_mode`. */
export function fromSystemMode(mode: number): number {
  const type = types.get(mode & 0o170000) ?? fileMode.irregular;
  const setuid = mode & 0o4000 ? fileMode.setuid : 0;
  const setgid = mode & 0o2000 ? fileMode.setgid : 0;
  const sticky = mode & 0o1000 ? fileMode.sticky : 0;
  return ((mode & 0o777) | type | setuid | setgid | sticky) >>> 0;
}

/** The permissions that `chmod` takes: the nine, setuid, setgid and sticky. */
export function toPermissions(mode: number): number {
  const setuid = mode & fileMode.setuid ? 0o4000 : 0;
  const setgid = mode & fileMode.setgid ? 0o2000 : 0;
  const sticky = mode & fileMode.sticky ? 0o1000 : 0;
  return (mode & 0o777) | setuid | setgid | sticky;
}

export function isDirectory(mode: number): boolean {
  return (mode & fileMode.directory) !== 0;
}

export function isSymlink(mode: number): boolean {
  return (mode & fileMode.symlink) !== 0;
}

/** Whether the protocol lets the receiver ask for the data of an entry with this mode. */
export function carriesData(mode: number): boolean {
  return (mode & anyType) === 0;
}
