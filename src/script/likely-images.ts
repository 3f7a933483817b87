import { formatReference, parseReference } from "../image/reference.ts";

/** More of them and it is likely that some are for other platforms or other targets. */
const most = 3;
const literal = /\bbk\.image\s*(?:\(\s*(["'])([^"'\\\n]+)\1\s*\)|(["'])([^"'\\\n]+)\3)/g;

/**
 * The complete references of images that a script most likely starts from, read from its text alone. None for scripts
 * with targets: a build needs the images of one of them.
 */
export function likelyImages(text: string): readonly string[] {
  const code = text.replace(/--[^\n]*/g, "");
  if (/\bbk\.target\b/.test(code)) return [];
  const names = new Set([...code.matchAll(literal)].map(([, , called, , bare]) => called ?? bare ?? ""));
  return names.size > most ? [] : [...names].flatMap(complete);
}

/** What is no reference is for the script's run to refuse. */
function complete(name: string): string[] {
  try {
    return [formatReference(parseReference(name))];
  } catch {
    return [];
  }
}
