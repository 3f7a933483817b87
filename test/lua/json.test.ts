import { expect, test } from "bun:test";
import { fail, failure, run } from "./support.ts";

function evaluate(expression: string): string | undefined {
  return run(`out(tostring(${expression}))`)[0];
}

test("encode sorts keys, tells lists from objects and keeps integers", () => {
  expect(evaluate("json.encode({b = 1, a = {1, 2.5, 'x', true}, [\"ä\"] = {}})")).toBe(
    '{"a":[1,2.5,"x",true],"b":1,"ä":{}}',
  );
  expect(evaluate("json.encode({math.maxinteger, math.mininteger, 2^53, 1.0})")).toBe(
    "[9223372036854775807,-9223372036854775808,9007199254740992,1]",
  );
  expect(evaluate("json.encode(nil)")).toBe("null");
  expect(evaluate("json.encode({json.null, {x = json.null}})")).toBe('[null,{"x":null}]');
  expect(evaluate('json.encode("\\n\\"\\0/")')).toBe('"\\n\\"\\u0000/"');
});

test("what has no JSON is refused", () => {
  expect(failure("json.encode(out)")).toEndWith('argument "value": expected plain data, got function');
  expect(failure("local t = {} t.t = {t} json.encode(t)")).toEndWith("the table holds itself");
  expect(failure("json.encode({1, 2, x = 3})")).toEndWith('got a table with the key "x"');
  expect(failure("json.encode({[true] = 1})")).toEndWith("expected text keys or a list, got the key true");
  expect(failure("json.encode({1 / 0})")).toEndWith("JSON has no Infinity");
  expect(failure("json.encode({'\\xff'})")).toEndWith("a string is not valid UTF-8");
  expect(failure("local t = {} for i = 1, 1000 do t = {t} end json.encode(t)")).toEndWith("more than 128 deep");
});

test("the same table twice is no cycle", () => {
  expect(evaluate("(function() local t = {1} return json.encode({t, t}) end)()")).toBe("[[1],[1]]");
});

test("decode keeps nulls, integers and keys of any name", () => {
  expect(evaluate("json.decode('[1, null, 3]')[3]")).toBe("3");
  expect(evaluate("json.decode('[1, null, 3]')[2] == json.null")).toBe("true");
  expect(evaluate("json.decode('{\"a\": null}').a == json.null")).toBe("true");
  expect(evaluate("json.decode('null')")).toBe("nil");
  expect(evaluate("math.type(json.decode('3'))")).toBe("integer");
  expect(evaluate("json.decode('9223372036854775807')")).toBe("9223372036854775807");
  expect(evaluate("json.decode('0.5')")).toBe("0.5");
  expect(evaluate('json.decode(\'{"__proto__": 1, "constructor": 2}\').__proto__')).toBe("1");
  expect(evaluate('json.encode(json.decode(\'{"b":[],"a":[{}]}\'))')).toBe('{"a":[{}],"b":{}}');
});

test("what is no JSON is refused", () => {
  expect(failure("json.decode('{a}')")).toStartWith("build.lua:1: json.decode: this is no JSON: ");
  expect(fail("json.decode('')").code).toBe("script.argument");
  expect(failure("json.decode(('['):rep(600) .. (']'):rep(600))")).toEndWith("nested more than 512 deep");
  expect(failure("json.decode(('['):rep(1000000))")).toStartWith("build.lua:1: json.decode: ");
});

test("tables that hold the same tables over and over are no way around the limits", () => {
  const nested = "local t = {} for i = 1, 60 do t = {t, t} end";
  const limits = { memory: 32 << 20, time: 60_000 };
  expect(fail(`${nested} json.encode(t)`, { limits }).message).toBe("the script uses more than 32 MiB of memory");
  const soon = { memory: 512 << 20, time: 50 };
  expect(fail(`${nested} json.encode(t)`, { limits: soon }).message).toBe("the script ran for more than 0.05 s");
  const often = "local t = {} for i = 1, 5000 do t[i] = i end for i = 1, 200 do json.encode(t) end out('ok')";
  expect(run(often, { limits })).toEqual(["ok"]);
});
