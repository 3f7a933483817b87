import { LuakitError } from "../diagnostic/luakit-error.ts";
import { diff } from "../llb/diff.ts";
import { merge } from "../llb/merge.ts";
import { oneOf } from "../lua/compose.ts";
import { list } from "../lua/table.ts";
import { contextOf, define } from "./define.ts";
import { state, stateHandle } from "./handles.ts";

const returns = { type: "State", handle: stateHandle };

export const bkMerge = define({
  name: "bk.merge",
  doc: "Lays States over each other; where they have the same path, the later one wins. `bk.scratch()` adds nothing.",
  params: [
    { name: "states", kind: oneOf(state, list(state)), rest: true, doc: "Two or more States, or one list of them." },
  ],
  returns,
  example: 'local base = bk.image("alpine")\nbk.export(bk.merge(base:run("echo a > /a"), base:run("echo b > /b")))',
  run: (call, states) => {
    const [first] = states;
    const isList = states.length === 1 && Array.isArray(first);
    const layers = states.flat();
    if (!isList && states.some((each) => Array.isArray(each))) {
      throw new LuakitError("script.argument", "give either States or one list of them");
    }
    if (layers.length >= 2) return merge(layers, contextOf(call));
    throw new LuakitError("script.argument", `expected two or more States, got ${layers.length}`);
  },
});

export const bkDiff = define({
  name: "bk.diff",
  doc: "What changed from one State to another, without what both have.",
  params: [
    { name: "lower", kind: state, doc: "Where it started." },
    { name: "upper", kind: state, doc: "What became of it." },
  ],
  returns,
  example: 'local base = bk.image("alpine")\nbk.export(bk.diff(base, base:run("apk add git")))',
  run: (call, lower, upper) => diff(lower, upper, contextOf(call)),
});
