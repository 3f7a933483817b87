import { expect, test } from "bun:test";
import { errorOf, evaluate } from "../evaluate.ts";

const script = (trigger: string) =>
  `bk.export(bk.image("a:1"), {\n  onbuild = {"ENV A=1", ${JSON.stringify(trigger)}}})`;

test.each(["COPY . /app", "run make", "  WORKDIR /x", "ARG\tA", "RUN <<E\nmake\nE"])(
  "%p is kept as it is",
  (trigger) => {
    expect(evaluate(script(trigger)).targets[0]?.config.onbuild).toEqual(["ENV A=1", trigger]);
  },
);

test.each([
  ["FROM x", "ONBUILD FROM is not allowed"],
  ["from x", "ONBUILD FROM is not allowed"],
  ["ONBUILD RUN y", "ONBUILD ONBUILD is not allowed"],
  ["MAINTAINER me", "ONBUILD MAINTAINER is not allowed"],
  ["FOO bar", 'unknown instruction "FOO"'],
  ["CPOY . /app", 'unknown instruction "CPOY" (did you mean "COPY"?)'],
  ["# RUN x", 'unknown instruction "#"'],
  ["RUN", "RUN needs an argument"],
])("%p is refused", (trigger, message) => {
  const error = errorOf(script(trigger));
  expect(error.message).toBe(`bk.export: option "onbuild": item 2: ${message}`);
  expect(error).toMatchObject({ code: "script.option", position: { line: 1 } });
});
