import { mkdirAction } from "../../../src/llb/action.ts";
import { copyAction } from "../../../src/llb/action-copy.ts";
import { diff } from "../../../src/llb/diff.ts";
import { mountOutput, type RunOptions, run } from "../../../src/llb/exec.ts";
import { merge } from "../../../src/llb/merge.ts";
import { bindMount } from "../../../src/llb/mount.ts";
import { forPlatform, type State, scratch, withDir, withEnv } from "../../../src/llb/state.ts";
import { parsePlatform } from "../../../src/oci/platform.ts";
import { base, context, files, type Graph, here } from "./case.ts";

const root = base();
const shell = (state: State, command: string, options: RunOptions = {}) => run(state, command, options, here);
const on = (platform: string) => base({ platform: parsePlatform(platform) });
const a = shell(root, "touch /a");
const b = shell(root, "touch /b");
const both = shell(root, "make", { mounts: [bindMount(scratch, "/out", { readonly: false })] });

function chain(state: State, length: number): State {
  let last = state;
  for (let step = 0; step < length; step++) last = shell(last, `echo ${step}`);
  return last;
}

/** The graphs of go/graphs.go. */
export const graphs: Readonly<Record<string, State | Graph>> = {
  merge: merge([root, diff(root, a, here), diff(root, b, here)], here),
  "merge, same twice": merge([a, a], here),
  "merge, one left": merge([scratch, a, scratch], here),
  "merge, nothing left": merge([scratch, scratch], here),
  "merge, scratch in between": merge([a, scratch, b], here),
  "merge, keeps settings": shell(merge([withEnv(withDir(root, "/x"), new Map([["A", "1"]])), context()], here), "pwd"),
  "merge of merges": merge([merge([a, b], here), merge([b, a], here)], here),
  diff: diff(root, a, here),
  "diff, scratch below": diff(scratch, a, here),
  "diff, scratch above": diff(a, scratch, here),
  "diff, both scratch": diff(scratch, scratch, here),
  "diff, of outputs": diff(both, mountOutput(both, "/out"), here),
  "diff, outputs of equal ops": diff(shell(root, "touch /a"), a, here),
  "chain of 200": chain(root, 200),
  diamond: shell(a, "cat /b", { mounts: [bindMount(b, "/b", {}), bindMount(root, "/base", {})] }),
  "equal ops made twice": merge([shell(shell(base(), "one"), "two"), shell(shell(root, "one"), "three")], here),
  "result is a second output": mountOutput(both, "/out"),
  "second output goes on": shell(withDir(mountOutput(both, "/out"), "/w"), "ls"),
  "platform of the build": { state: shell(root, "uname"), options: { platform: parsePlatform("linux/armel") } },
  "platform of the image": shell(on("linux/arm64"), "uname"),
  "platform of the state": shell(forPlatform(root, parsePlatform("linux/riscv64")), "uname"),
  "platform of one step": shell(shell(root, "one", { platform: parsePlatform("linux/arm64/v8") }), "two"),
  "two platforms": merge([shell(on("linux/arm64"), "a"), shell(on("linux/ppc64le"), "a")], here),
  "platform is normalised": shell(forPlatform(root, { os: "Linux", architecture: "aarch64" }), "uname"),
  "platform through file op": shell(files(on("linux/arm64"), mkdirAction("/d", {})), "uname"),
  "local into image": files(root, ...copyAction(context(), "/", "/src", {})),
};
