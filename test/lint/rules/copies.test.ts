import { expect, test } from "bun:test";
import { lintFound } from "../lint-found.ts";

const found = (rest: string, context = 'bk.local_("context")') =>
  lintFound(`local context = ${context}\nlocal base = bk.image("a:1")\nlocal app = base${rest}
bk.export(bk.scratch():copy(app, "/a", "/"))`).filter((rule) => rule === "copy-before-install").length;

const whole = ':copy(context, ".", "/app")';

test.each([
  ["go mod download"],
  ["npm ci"],
  ["npm install --omit=dev"],
  ["yarn"],
  ["yarn install --frozen-lockfile"],
  ["pip install -r requirements.txt"],
  ["bundle install"],
  ["cd x && npm ci"],
])("finds %s over all of the context", (command) => {
  expect(found(`${whole}:run("${command}")`)).toBe(1);
});

test.each([["npm run build"], ["npm install express"], ["go build ./..."], ["pip install flask"], ["make"]])(
  "%s installs nothing that a manifest lists",
  (command) => {
    expect(found(`${whole}:run("${command}")`)).toBe(0);
  },
);

test("whole is whole, however it is written, and with other steps between", () => {
  for (const source of [".", "/", "./", "*"]) expect(found(`:copy(context, "${source}", "/"):run("npm ci")`)).toBe(1);
  expect(found(`${whole}:mkdir("/x"):run("make"):run("npm ci")`)).toBe(1);
  expect(found(`${whole}:run("npm ci")`, 'bk.local_("context", {exclude = {"x"}})')).toBe(1);
  expect(found(':run("npm ci", {mounts = {bk.bind(context, "/app")}})')).toBe(1);
});

test("a part is no whole", () => {
  expect(found(':copy(context, {"package.json"}, "/app/"):run("npm ci")')).toBe(0);
  expect(found(':copy(context, ".", "/app", {include = {"package*.json"}}):run("npm ci")')).toBe(0);
  expect(found(`${whole}:run("npm ci")`, 'bk.local_("context", {include = {"package*.json"}})')).toBe(0);
  expect(found(':run("npm ci", {mounts = {bk.bind(context, "/p", {selector = "package.json"})}})')).toBe(0);
});

test("what was installed before is not installed again, and a cache mount takes the pain away", () => {
  expect(found(`:copy(context, "package.json", "/app/"):run("npm ci")${whole}:run("npm ci --offline")`)).toBe(1);
  expect(found(`:copy(context, "package.json", "/app/"):run("npm ci")${whole}:run("make")`)).toBe(0);
  expect(found(`${whole}:run("npm ci", {mounts = {bk.cache("/root/.npm")}})`)).toBe(0);
});
