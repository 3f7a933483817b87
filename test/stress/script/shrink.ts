/** The script with as many lines left out as there can be while it still shows the same. */
export async function shrink(script: string, stillShows: (script: string) => Promise<boolean>): Promise<string> {
  let lines = script.trimEnd().split("\n");
  for (let size = Math.ceil(lines.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < lines.length; ) {
      const fewer = [...lines.slice(0, at), ...lines.slice(at + size)];
      if (fewer.length > 0 && (await stillShows(`${fewer.join("\n")}\n`))) lines = fewer;
      else at += size;
    }
  }
  return `${lines.join("\n")}\n`;
}
