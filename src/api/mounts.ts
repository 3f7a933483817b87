import { bindMount, cacheMount, secretMount, sshMount, tmpfsMount } from "../llb/mount.ts";
import { optional } from "../lua/compose.ts";
import { boolean, literal } from "../lua/scalar.ts";
import { options } from "../lua/table.ts";
import { contextOf, define } from "./define.ts";
import { mountHandle, state } from "./handles.ts";
import { mode } from "./kinds/mode.ts";
import { id } from "./kinds/scalar.ts";
import { size } from "./kinds/size.ts";
import { filled } from "./kinds/text.ts";

const returns = { type: "Mount", handle: mountHandle };
const dest = { name: "dest", kind: filled, doc: "Where the step sees it. A relative path is below the step's cwd." };
const uid = { kind: id, doc: "The owner's id. Default: 0." };
const gid = { kind: id, doc: "The group's id. Default: 0." };
const optionalField = { kind: boolean, doc: "Go on without it when the client does not have it. Default: false." };

const cacheOptions = options(
  {
    id: { kind: filled, doc: "What it is kept under; caches with the same id are one. Default: the destination." },
    sharing: {
      kind: literal("shared", "private", "locked"),
      doc: "What happens when several steps use it at once: `shared` (the default) lets them, `locked` makes them wait, `private` gives each its own.",
    },
    from: { kind: state, doc: "What a new cache starts with." },
    selector: { kind: filled, doc: "The directory within `from`." },
    uid,
    gid,
    mode: { kind: mode("mode"), doc: 'The mode of the directory. Default: `"0755"`.' },
  },
  { type: "CacheOptions" },
);

export const bkCache = define({
  name: "bk.cache",
  doc: "A directory that the daemon keeps between builds, for package managers and compilers. It is no part of the result.",
  params: [dest, { name: "opts", kind: optional(cacheOptions) }],
  returns,
  example:
    'local built = bk.image("golang:1.25"):run("go build ./...", {mounts = {bk.cache("/root/.cache/go-build")}})\nbk.export(built)',
  run: (call, path, given = {}) => cacheMount(path, given, contextOf(call)),
});

const secretOptions = options(
  {
    id: { kind: filled, doc: "The secret's id on the command line. Default: the destination's last part." },
    uid,
    gid,
    mode: { kind: mode("mode"), doc: 'The mode of the file. Default: `"0400"`.' },
    optional: optionalField,
  },
  { type: "SecretOptions" },
);

export const bkSecret = define({
  name: "bk.secret",
  doc: "A secret of the client, as a file that exists only while the step runs.",
  params: [dest, { name: "opts", kind: optional(secretOptions) }],
  returns,
  example:
    'local step = bk.image("alpine"):run("wc -c /run/secrets/npmrc", {mounts = {bk.secret("/run/secrets/npmrc")}})\nbk.export(step)',
  run: (_, path, given = {}) => secretMount(path, given),
});

const sshOptions = options(
  {
    dest: { kind: filled, doc: "Where the socket is. Default: a path of its own; `SSH_AUTH_SOCK` names it." },
    id: { kind: filled, doc: "The agent's id on the command line. Default: `default`." },
    uid,
    gid,
    mode: { kind: mode("mode"), doc: 'The mode of the socket. Default: `"0600"`.' },
    optional: optionalField,
  },
  { type: "SshOptions" },
);

export const bkSsh = define({
  name: "bk.ssh",
  doc: "The client's SSH agent, as a socket that exists only while the step runs.",
  params: [{ name: "opts", kind: optional(sshOptions) }],
  returns,
  example:
    'local step = bk.image("alpine/git"):run("git clone git@github.com:me/app", {mounts = {bk.ssh()}})\nbk.export(step)',
  run: (_, given = {}) => sshMount(given),
});

const tmpfsOptions = options(
  { size: { kind: size, doc: 'The most that it holds: bytes or `"64MB"`. Default: no limit.' } },
  { type: "TmpfsOptions" },
);

export const bkTmpfs = define({
  name: "bk.tmpfs",
  doc: "A directory in memory that is empty when the step starts and gone when it ends.",
  params: [dest, { name: "opts", kind: optional(tmpfsOptions) }],
  returns,
  example: 'bk.export(bk.image("alpine"):run("df /tmp", {mounts = {bk.tmpfs("/tmp", {size = "64MB"})}}))',
  run: (_, path, given = {}) => tmpfsMount(path, given),
});

const bindOptions = options(
  {
    selector: { kind: filled, doc: "The path within the State. Default: all of it." },
    readonly: {
      kind: boolean,
      doc: "Whether the step can only read it. What it writes to a writable one is `after:mount(dest)`, and changes nothing else. Default: true.",
    },
    content_cache: {
      kind: literal("on", "off"),
      doc: "`on` looks at the files rather than at how they were made, to tell whether the step is cached. Default: `on` for read-only mounts.",
    },
  },
  { type: "BindOptions" },
);

export const bkBind = define({
  name: "bk.bind",
  doc: "The files of another State, without copying them.",
  params: [
    { name: "state", kind: state, doc: "The State to show." },
    dest,
    { name: "opts", kind: optional(bindOptions) },
  ],
  returns,
  example:
    'local src = bk.local_("context")\nbk.export(bk.image("alpine"):run("ls /src", {mounts = {bk.bind(src, "/src")}}))',
  run: (_, source, path, given = {}) =>
    bindMount(source, path, {
      selector: given.selector,
      readonly: given.readonly,
      contentCache: given.content_cache,
    }),
});
