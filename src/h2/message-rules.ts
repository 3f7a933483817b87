import { type HeaderList, headerValue } from "./header-list.ts";

const requestPseudo: readonly string[] = [":method", ":scheme", ":path", ":authority", ":protocol"];
const responsePseudo: readonly string[] = [":status"];
const connectionFields: readonly string[] = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
];

/** Why a request is malformed (RFC 9113 section 8.3.1), or undefined. */
export function checkRequest(headers: HeaderList, ended: boolean): string | undefined {
  const found = new Set<string>();
  const wrong = checkFields(headers, requestPseudo, found);
  if (wrong !== undefined) return wrong;
  if (!found.has(":method")) return "no :method";
  if (headerValue(headers, ":method") === "CONNECT" && !found.has(":protocol")) {
    return found.has(":scheme") || found.has(":path") ? "CONNECT with :scheme or :path" : undefined;
  }
  if (!found.has(":scheme")) return "no :scheme";
  if (!found.has(":path")) return "no :path";
  if (headerValue(headers, ":path") === "") return "an empty :path";
  const length = headerValue(headers, "content-length") ?? "0";
  return ended && !/^0+$/.test(length) ? "a content-length without content" : undefined;
}

/** Why a response's headers are malformed (RFC 9113 section 8.3.2), or undefined. */
export function checkResponse(headers: HeaderList): string | undefined {
  const wrong = checkFields(headers, responsePseudo, new Set());
  if (wrong !== undefined) return wrong;
  const [name, value] = headers[0] ?? ["", ""];
  return name === ":status" && /^[1-5]\d\d$/.test(value) ? undefined : "no :status";
}

/** Why trailers are malformed (RFC 9113 section 8.1), or undefined. */
export function checkTrailers(headers: HeaderList): string | undefined {
  return checkFields(headers, [], new Set());
}

function checkFields(headers: HeaderList, pseudo: readonly string[], found: Set<string>): string | undefined {
  let regular = false;
  for (const [name, value] of headers) {
    if (name.startsWith(":")) {
      if (regular) return `${name} behind other fields`;
      if (!pseudo.includes(name)) return `${name} in the wrong place`;
      if (found.has(name)) return `${name} twice`;
      found.add(name);
    } else {
      regular = true;
      if (!isName(name)) return `the name ${JSON.stringify(name)}`;
      if (connectionFields.includes(name)) return `a ${name} field`;
      if (name === "te" && value !== "trailers") return "a te field";
    }
    if (!isValue(value)) return `the value of ${name}`;
  }
  return undefined;
}

/** RFC 9113 section 8.2.1: visible ASCII without capitals and colons. */
function isName(name: string): boolean {
  return /^[!-9;-@[-~]+$/.test(name);
}

/** RFC 9113 section 8.2.1: no NUL, LF, CR. Space at the ends is let through: gRPC peers send values as they are. */
function isValue(value: string): boolean {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code === 0 || code === 10 || code === 13) return false;
  }
  return true;
}
