import { expect, test } from "bun:test";
import { http } from "../../src/llb/source-http.ts";

test.each([
  ["ftp://host/a", {}, "no http or https URL"],
  ["https://", {}, "no http or https URL"],
  ["https://user:pass@host/a", {}, "would stand in the Definition"],
  ["https://host/a", { checksum: "abc" }, "checksum: expected"],
  ["https://host/a", { filename: "a/b" }, "no name of a file"],
  ["https://host/a", { filename: ".." }, "no name of a file"],
  ["https://host/a", { chmod: 0o1000 }, "chmod"],
  ["https://host/a", { chmod: 0 }, "chmod"],
  ["https://host/a", { uid: -1 }, "uid"],
  ["https://host/a", { gid: 1.5 }, "gid: expected an integer"],
  ["https://host/a", { headers: new Map([["Authorization", "x"]]) }, 'does not send "Authorization"'],
  ["https://host/a", { headers: new Map([["x-custom", "x"]]) }, "does not send"],
  ["https://host/a", { headers: new Map([["Accept", "a\r\nX-Evil: b"]]) }, 'the value of "Accept" has a line break'],
  ["https://host/a", { headers: new Map([["User-Agent", "a\0"]]) }, 'the value of "User-Agent" has a line break'],
  ["https://host/a", { headers: new Map([["Accept\n", "a"]]) }, 'the name "Accept\\n" has a line break'],
  ["https://host/a", { authHeaderSecret: "" }, "auth_header_secret"],
])("http(%p, %p) is refused", (url, options, message) => {
  expect(() => http(url, options, {})).toThrow(message);
});
