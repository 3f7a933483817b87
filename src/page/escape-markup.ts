// What XML cannot hold, not even escaped, and lone surrogates; they become U+FFFD.
const unfit = /[\p{Cs}\ufffe\uffff]|(?![\t\n\r])\p{Cc}/gu;

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/** `text` as the content of an element or of a quoted attribute, in HTML and in XML. */
export function escapeMarkup(text: string): string {
  return text.replace(unfit, "\ufffd").replace(/[&<>"']/g, (character) => entities.get(character) ?? "");
}
