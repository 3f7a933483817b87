import { formatFamiliarReference, parseReference } from "../image/reference.ts";
import type { Value } from "./value.ts";

/** What an identifier of a source says in the words of scripts: `image`, `local_`, `git`, `http`. */
export function sourceWords(identifier: string): [string, Value][] {
  const [scheme = "", rest = ""] = identifier.split(/:\/\/(.*)/s);
  switch (scheme) {
    case "docker-image":
      return [["image", formatFamiliarReference(parseReference(rest))]];
    case "local":
      return [["local_", rest]];
    case "git":
      return [["git", rest]];
    case "http":
    case "https":
      return [["http", identifier]];
    default:
      return [];
  }
}
