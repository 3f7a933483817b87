import { mkdirAction, mkfileAction, rmAction, symlinkAction } from "../../../src/llb/action.ts";
import { copyAction } from "../../../src/llb/action-copy.ts";
import { mountOutput, run } from "../../../src/llb/exec.ts";
import { bindMount } from "../../../src/llb/mount.ts";
import { type State, scratch, withDir } from "../../../src/llb/state.ts";
import { base, context, copied, files as fileOp, type Graph, here, on } from "./case.ts";

const local = context();
const root = base();
const created = 1_700_000_000_123_456_789n;
const writable = (dest: string) => bindMount(scratch, dest, { readonly: false });

/** The graphs of go/files.go. */
export const files: Readonly<Record<string, State | Graph>> = {
  mkdir: on(mkdirAction("/d", {})),
  "mkdir, options": on(mkdirAction("/d/e", { mode: 0o700, makeParents: true, owner: "5:6", created })),
  "mkdir, on scratch": fileOp(scratch, mkdirAction("/d", {})),
  "mkdir, relative": on(mkdirAction("a/../d/", {})),
  "mkdir, mode zero": on(mkdirAction("/d", { mode: 0 })),
  mkfile: on(mkfileAction("/f", "hello\n", {})),
  "mkfile, empty": on(mkfileAction("/f", "", {})),
  "mkfile, binary": on(mkfileAction("f", new Uint8Array([0, 255, 128, 10, 13]), { mode: 0o600 })),
  "mkfile, large": on(mkfileAction("f", new Uint8Array(70000), { mode: 0o600 })),
  "mkfile, options": on(mkfileAction("/f", "x", { mode: 0o400, owner: "app", created: 0n })),
  rm: on(...rmAction("/f", {})),
  "rm, options": on(...rmAction("/f*", { allowNotFound: true, allowWildcard: true })),
  "rm, several": on(...rmAction(["/a", "b", "../c"], {})),
  symlink: on(symlinkAction("../target", "/link", {})),
  "symlink, options": on(symlinkAction("/target", "/link", { owner: "1:2", created })),
  "owner, name": on(mkdirAction("/d", { owner: "app" })),
  "owner, names": on(mkdirAction("/d", { owner: { user: "app", group: "staff" } })),
  "owner, id": on(mkdirAction("/d", { owner: { user: 1000 } })),
  "owner, name and id": on(mkdirAction("/d", { owner: "app:50" })),
  "owner, root": on(mkdirAction("/d", { owner: "root:root" })),
  "owner, only group": on(mkdirAction("/d", { owner: { group: "staff" } })),
  copy: copied({}),
  "copy, nothing on": copied({ contentsOnly: false, createDestPath: false, allowWildcard: false }),
  "copy, mode": copied({ mode: 0o640 }),
  "copy, mode with setuid": copied({ mode: "4755" }),
  "copy, owner": copied({ owner: "app:1000" }),
  "copy, follow symlink": copied({ followSymlink: true }),
  "copy, the directory itself": copied({ contentsOnly: false }),
  "copy, unpack": copied({ unpack: true }),
  "copy, no dest path": copied({ createDestPath: false }),
  "copy, no wildcard": copied({ allowWildcard: false }),
  "copy, empty wildcard": copied({ allowEmptyWildcard: true }),
  "copy, created": copied({ created }),
  "copy, created at the epoch": copied({ created: 0n }),
  "copy, include and exclude": copied({ include: ["*.go", "z"], exclude: ["*_test.go"] }),
  "copy, always replace": copied({ alwaysReplace: true }),
  "copy, required paths": copied({ requiredPaths: ["go.mod"], include: ["*.mod"] }),
  "copy, relative": on(...copyAction(withDir(local, "/in"), "a/./b", "c", {})),
  "copy, into a directory": on(...copyAction(local, "a", "c/", {})),
  "copy, into a directory .": on(...copyAction(local, "a", "c/.", {})),
  "copy, into here": on(...copyAction(local, ".", ".", {})),
  "copy, into the root": on(...copyAction(local, "/", "/", {})),
  "copy, into the root .": on(...copyAction(local, "/", "/.", {})),
  "copy, from scratch": on(...copyAction(scratch, "/", "/x", {})),
  "copy, from itself": fileOp(root, ...copyAction(root, "/etc", "/etc2", {})),
  "copy, onto scratch": fileOp(scratch, ...copyAction(root, "/bin", "/bin", {})),
  "copy, several sources": on(...copyAction(local, ["/a", "/b"], "/d/", {})),
  "several actions": on(
    mkdirAction("/d", {}),
    mkfileAction("d/f", "x", { owner: "app" }),
    ...copyAction(local, "/s", "/d/s", {}),
    symlinkAction("f", "/d/l", {}),
    ...rmAction("/d/f", {}),
    ...copyAction(root, "/etc", "/e", {}),
    ...copyAction(local, "/t", "/d/t", {}),
  ),
  "several actions on scratch": fileOp(
    scratch,
    mkdirAction("/d", {}),
    ...copyAction(local, "/", "/d", {}),
    ...copyAction(root, "/", "/e", {}),
  ),
  "file ops in a row": fileOp(
    fileOp(fileOp(root, mkdirAction("/a", {})), mkdirAction("/a/b", {})),
    ...rmAction("/a", {}),
  ),
  "copy from a step": fileOp(scratch, ...copyAction(run(root, "make", {}, here), "/out/app", "/app", {})),
  "copy from an output": fileOp(
    scratch,
    ...copyAction(
      mountOutput(run(root, "make", { mounts: [writable("/o"), writable("/a")] }, here), "/o"),
      "/",
      "/",
      {},
    ),
  ),
};
