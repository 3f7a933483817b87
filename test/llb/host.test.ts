import { expect, test } from "bun:test";
import { hostsOf } from "../../src/llb/host.ts";

test.each([
  ["1.2.3.4", "1.2.3.4"],
  ["::1", "::1"],
  ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["[fe80::1]", "fe80::1"],
])("%s is the address %s", (address, normal) => {
  expect(hostsOf(new Map([["a", address]]))).toEqual([{ name: "a", address: normal }]);
});

test.each(["", "1.2.3", "1.2.3.256", "01.2.3.4", "example.com", "::g", "1.2.3.4:80"])("%p is no address", (address) => {
  expect(() => hostsOf(new Map([["a", address]]))).toThrow("no IP address");
});

test.each(["", "a b", "a\tb"])("%p is no name", (name) => {
  expect(() => hostsOf(new Map([[name, "1.2.3.4"]]))).toThrow("no host name");
});
