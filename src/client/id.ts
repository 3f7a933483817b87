/** A new name for a build or a session: 25 letters and digits, as BuildKit's own clients make them. */
export function newId(): string {
  const random = crypto.getRandomValues(new Uint8Array(25));
  return Array.from(random, (byte) => "abcdefghijklmnopqrstuvwxyz012345"[byte & 31]).join("");
}
