import { LuakitError } from "../diagnostic/luakit-error.ts";
import { mkdirAction, mkfileAction, rmAction, symlinkAction } from "../llb/action.ts";
import { copyAction } from "../llb/action-copy.ts";
import { fileOp } from "../llb/file.ts";
import { callbackOf } from "../lua/callback.ts";
import { oneOf, optional } from "../lua/compose.ts";
import { boolean, bytes } from "../lua/scalar.ts";
import { list, options } from "../lua/table.ts";
import { contextOf, define } from "./define.ts";
import { defineFileOperation } from "./file-operation.ts";
import { type FileCollection, filesHandle, state, stateHandle } from "./handles.ts";
import { copyMode, mode } from "./kinds/mode.ts";
import { owner } from "./kinds/owner.ts";
import { pattern } from "./kinds/pattern.ts";
import { filled } from "./kinds/text.ts";
import { time } from "./kinds/time.ts";

const paths = oneOf(filled, list(filled, { min: 1 }));
const patterns = list(pattern);
const path = { name: "path", kind: filled, doc: "A path; a relative one is below the working directory." };
const ownerField = {
  kind: owner,
  doc: 'Whose it is: `"app"`, `"1000:1000"` or `{user = "app", group = "app"}`, by name or number.',
};
const created = {
  kind: time,
  doc: 'The modification time: `"2024-01-31T12:00:00Z"` or seconds since 1970. Default: when the step runs.',
};

const copyOptions = options(
  {
    mode: { kind: copyMode, doc: 'Octal (`"0755"`) or symbolic (`"u+x"`). Default: that of the source.' },
    owner: { ...ownerField, doc: `${ownerField.doc} Default: that of the source.` },
    follow_symlink: { kind: boolean, doc: "Copy what a symlink points at. Default: false." },
    create_dest_path: { kind: boolean, doc: "Make the directories that are missing. Default: true." },
    allow_wildcard: { kind: boolean, doc: "`*`, `?` and `[…]` in `src` are patterns. Default: true." },
    allow_empty_wildcard: { kind: boolean, doc: "A pattern may match nothing. Default: false." },
    include: { kind: patterns, doc: "Copy only what matches one of these patterns." },
    exclude: { kind: patterns, doc: "Leave out what matches one of these patterns." },
    contents_only: {
      kind: boolean,
      doc: "A directory's contents land in `dest`, not the directory itself. Default: true.",
    },
    unpack: { kind: boolean, doc: "Unpack tar archives, compressed ones too. Default: false." },
    always_replace: { kind: boolean, doc: "Files may replace directories and the other way round. Default: false." },
    required_paths: {
      kind: list(filled),
      doc: "Fail unless these exist in the source; relative ones are below `src`.",
    },
    created: { ...created, doc: "The modification time. Default: that of the source." },
    expand: {
      kind: boolean,
      doc: "`$NAME` in `src` and `dest` stands for a variable of this State, those of the base image too. Default: false.",
    },
  },
  { type: "CopyOptions" },
);

const copy = defineFileOperation({
  name: "copy",
  doc: "Copies files from another State, as COPY does: a directory's contents land in `dest`, and a `dest` that ends in a slash is a directory.",
  params: [
    { name: "from", kind: state, doc: "Where the files are." },
    { name: "src", kind: paths, doc: "A path in `from`, or a list of them." },
    { name: "dest", kind: filled, doc: "Where they go; with a slash at its end it is a directory, as `.` is." },
    { name: "opts", kind: optional(copyOptions) },
  ],
  example: 'copy(bk.local_("context"), "src", "/app", {owner = "1000:1000", exclude = {"*.md"}})',
  actions: (from, src, dest, given = {}) => {
    if (given.allow_wildcard === false && given.allow_empty_wildcard === true) {
      throw new LuakitError("script.option", '"allow_empty_wildcard" means nothing without "allow_wildcard"');
    }
    return copyAction(from, src, dest === "." ? "./" : dest, {
      mode: given.mode,
      owner: given.owner,
      created: given.created,
      followSymlink: given.follow_symlink,
      createDestPath: given.create_dest_path,
      allowWildcard: given.allow_wildcard,
      allowEmptyWildcard: given.allow_empty_wildcard,
      include: given.include,
      exclude: given.exclude,
      contentsOnly: given.contents_only,
      unpack: given.unpack,
      alwaysReplace: given.always_replace,
      requiredPaths: given.required_paths,
      expand: given.expand,
    });
  },
});

const mkdirOptions = options(
  {
    mode: { kind: mode("mode"), doc: 'The mode of the directory. Default: `"0755"`.' },
    make_parents: { kind: boolean, doc: "Make the directories above it too. Default: false." },
    owner: ownerField,
    created,
  },
  { type: "MkdirOptions" },
);

const mkdir = defineFileOperation({
  name: "mkdir",
  doc: "Makes a directory.",
  params: [path, { name: "opts", kind: optional(mkdirOptions) }],
  example: 'mkdir("/var/lib/app/data", {make_parents = true, mode = "0750"})',
  actions: (name, given = {}) => [
    mkdirAction(name, {
      mode: given.mode,
      makeParents: given.make_parents,
      owner: given.owner,
      created: given.created,
    }),
  ],
});

const mkfileOptions = options(
  { mode: { kind: mode("mode"), doc: 'The mode of the file. Default: `"0644"`.' }, owner: ownerField, created },
  { type: "MkfileOptions" },
);

const mkfile = defineFileOperation({
  name: "mkfile",
  doc: "Makes a file.",
  params: [
    path,
    { name: "data", kind: bytes, doc: "What is in it: any bytes." },
    { name: "opts", kind: optional(mkfileOptions) },
  ],
  example: 'mkfile("/etc/motd", "welcome\\n", {mode = "0600"})',
  actions: (name, data, given = {}) => [mkfileAction(name, data, given)],
});

const rmOptions = options(
  {
    allow_not_found: { kind: boolean, doc: "It may be missing. Default: false." },
    allow_wildcard: { kind: boolean, doc: "`*`, `?` and `[…]` in the path are patterns. Default: false." },
  },
  { type: "RmOptions" },
);

const rm = defineFileOperation({
  name: "rm",
  doc: "Removes files and directories.",
  params: [
    { ...path, kind: paths, doc: "A path, or a list of them." },
    { name: "opts", kind: optional(rmOptions) },
  ],
  example: 'rm({"/tmp/*.o", "/var/cache/apk"}, {allow_wildcard = true, allow_not_found = true})',
  actions: (names, given = {}) =>
    rmAction(names, { allowNotFound: given.allow_not_found, allowWildcard: given.allow_wildcard }),
});

const symlinkOptions = options({ owner: ownerField, created }, { type: "SymlinkOptions" });

const symlink = defineFileOperation({
  name: "symlink",
  doc: "Makes a symlink at `path` that points at `target`.",
  params: [
    { name: "target", kind: filled, doc: "What the link says, as it is." },
    { ...path, doc: "Where the link is." },
    { name: "opts", kind: optional(symlinkOptions) },
  ],
  example: 'symlink("/usr/bin/python3", "/usr/bin/python")',
  actions: (target, name, given = {}) => [symlinkAction(target, name, given)],
});

const stateFiles = define({
  name: "state:files",
  doc: "Makes one op of several file operations: `f` has the methods `copy`, `mkdir`, `mkfile`, `rm` and `symlink`.",
  self: stateHandle,
  params: [{ name: "build", kind: callbackOf("fun(f: Files)"), doc: "Calls the operations on `f`." }],
  returns: { type: "State", handle: stateHandle },
  example:
    'bk.export(bk.image("alpine"):files(function(f)\n  f:mkdir("/app")\n  f:mkfile("/app/version", "1.0\\n")\nend))',
  run: (call, build) => {
    const files: FileCollection = { actions: [], open: true };
    try {
      build.call([filesHandle.of(files)], []);
    } finally {
      files.open = false;
    }
    if (files.actions.length > 0) return fileOp(call.self, files.actions, contextOf(call));
    throw new LuakitError("script.argument", "the function made no file operation", {
      hint: 'call one on its argument: f:mkdir("/app")',
    });
  },
});

export const fileFunctions = [...copy, ...mkdir, ...mkfile, ...rm, ...symlink, stateFiles];
