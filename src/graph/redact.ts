import type { Detail, Fields } from "./graph.ts";

const credentials = /(\b[a-z][a-z0-9+.-]*:\/\/)([^\s/?#@:]*)(:[^\s/@]*)?@/gi;

/** `text` without the passwords of URLs; a name alone is masked as well where it may be a token (http and https). */
export function redact(text: string): string {
  if (!mayName(text)) return text;
  return text.replace(credentials, (whole, scheme: string, _user, password: string | undefined) =>
    password !== undefined || /^https?:/i.test(scheme) ? `${scheme}xxxxx@` : whole,
  );
}

function mayName(text: string): boolean {
  return text.includes("@") && text.includes("://");
}

/** The same detail, redacted. */
export function redactDetail(detail: Detail): Detail {
  const { key } = detail;
  if ("values" in detail) return detail.values.some(mayName) ? { key, values: detail.values.map(redact) } : detail;
  if ("entries" in detail) return { key, entries: detail.entries.map(redactFields) };
  if ("fields" in detail) return { key, fields: redactFields(detail.fields) };
  return typeof detail.value === "string" ? { key, value: redact(detail.value) } : detail;
}

// Most have nothing to take out, and are what they were.
function redactFields(fields: Fields): Fields {
  if (!Object.values(fields).some(mayHoldName)) return fields;
  const redacted = Object.entries(fields).map(([key, value]) => {
    if (typeof value === "string") return [key, redact(value)] as const;
    return [key, typeof value === "object" ? value.map(redact) : value] as const;
  });
  return Object.fromEntries(redacted);
}

function mayHoldName(value: Fields[string]): boolean {
  return typeof value === "object" ? value.some(mayName) : typeof value === "string" && mayName(value);
}
