/** A new name for a build or a session: 25 letters and digits, as BuildKit's own clients make them. */
export function newId(): string {
  const random = crypto.getRandomValues(new Uint8Array(25));
  let id = "";
  for (let index = 0; index < random.length; index++) {
    id += "abcdefghijklmnopqrstuvwxyz012345"[(random[index] ?? 0) & 31];
  }
  return id;
}
