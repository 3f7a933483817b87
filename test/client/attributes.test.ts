import { expect, test } from "bun:test";
import { boolean, credential, flag, someText } from "../../src/client/attribute-checks.ts";
import { checkAttributes, needAttribute, parseAttributes, sortedRecord } from "../../src/client/attributes.ts";
import { failureOf } from "../image/failure.ts";
import { complaintOf, plain } from "./flags.ts";

test("keys are lower case without spaces, values stay as they are", () => {
  expect(plain(parseAttributes("output", "TYPE=Local, Dest = A B ,x="))).toEqual({
    type: "Local",
    dest: " A B ",
    x: "",
  });
  expect(plain(parseAttributes("output", "annotation.Org.Key=V,ANNOTATION-index.K=v"))).toEqual({
    "annotation.Org.Key": "V",
    "annotation-index.K": "v",
  });
});

test.each([
  ["a", '--output: "a" is not NAME=VALUE'],
  ["a=1,", "--output: a field is not NAME=VALUE"],
  ["=1", "--output: a field has no name before its ="],
  ["a=1,A=2", '--output: "a" is given twice'],
  ["secret_access_key=abc,def", "--output: a field is not NAME=VALUE"],
])("%j is refused: %s", (text, complaint) => {
  expect(complaintOf(() => parseAttributes("output", text))).toBe(complaint);
});

test("two names need one field", () => {
  expect(failureOf(() => parseAttributes("output", "name=a,name=b")).hint).toContain(`'"name=a,b"'`);
});

const table = { name: someText, push: flag, "registry.insecure": boolean, token: credential };
const check = (text: string) => checkAttributes("output", "type=image", parseAttributes("output", text), table);

test("booleans are written in one way, and an empty flag is true", () => {
  expect(plain(check("push=,registry.insecure=T,name=x"))).toEqual({
    push: "true",
    "registry.insecure": "true",
    name: "x",
  });
  expect(plain(check("push=0,registry.insecure=FALSE"))).toEqual({ push: "false", "registry.insecure": "false" });
});

test.each([
  ["psuh=true", '--output: type=image has no attribute "psuh" (did you mean "push"?)'],
  ["zzz=true", '--output: type=image has no attribute "zzz"'],
  ["constructor=1", '--output: type=image has no attribute "constructor"'],
  ["push=yes", '--output: "push=yes": expected true or false'],
  ["registry.insecure=", '--output: "registry.insecure": expected true or false'],
  ["name=", '--output: "name": the value is empty'],
])("%j is refused: %s", (text, complaint) => {
  expect(complaintOf(() => check(text))).toBe(complaint);
});

test("an attribute that is needed is named", () => {
  expect(needAttribute("cache-to", "type=local", new Map([["dest", "d"]]), "dest")).toBe("d");
  expect(complaintOf(() => needAttribute("cache-to", "type=local", new Map([["dest", ""]]), "dest"))).toBe(
    "--cache-to: type=local needs dest=",
  );
});

test("attributes go over the wire in order", () => {
  expect(
    JSON.stringify(
      sortedRecord(
        new Map([
          ["b", "1"],
          ["a", "2"],
        ]),
      ),
    ),
  ).toBe('{"a":"2","b":"1"}');
});
