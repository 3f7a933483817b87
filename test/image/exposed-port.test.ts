import { expect, test } from "bun:test";
import { parseExposedPorts } from "../../src/image/exposed-port.ts";
import { failureOf } from "./failure.ts";

test.each<[string | number, readonly string[]]>([
  [8080, ["8080/tcp"]],
  ["8080", ["8080/tcp"]],
  ["53/UDP", ["53/udp"]],
  ["9/sctp", ["9/sctp"]],
  ["80/", ["80/tcp"]],
  ["8000-8002/udp", ["8000/udp", "8001/udp", "8002/udp"]],
  ["7-7", ["7/tcp"]],
])("%p is %p", (word, ports) => {
  expect(parseExposedPorts(word)).toEqual(ports);
});

test.each<[string | number, string]>([
  ["8080:80", 'write "80"'],
  ["127.0.0.1:8080:80/tcp", 'write "80/tcp"'],
  ["80/http", "use tcp, udp or sctp"],
  ["9-8", 'write "8-9"'],
  ["0-70000", "at most 65535"],
  [1.5, "8080"],
  [-1, "8080"],
  ["", "8080"],
])("%p is refused with a hint", (word, hint) => {
  expect(failureOf(() => parseExposedPorts(word)).hint).toContain(hint);
});
