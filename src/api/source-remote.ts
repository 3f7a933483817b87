import { LuakitError } from "../diagnostic/luakit-error.ts";
import { git } from "../llb/source-git.ts";
import { http } from "../llb/source-http.ts";
import { local } from "../llb/source-local.ts";
import { oneOf, optional, refine } from "../lua/compose.ts";
import type { Call } from "../lua/function.ts";
import { boolean, literal, text } from "../lua/scalar.ts";
import { list, map, type OptionsOf, options } from "../lua/table.ts";
import { contextOf, define } from "./define.ts";
import type { Evaluation } from "./evaluation.ts";
import { stateHandle } from "./handles.ts";
import { digest } from "./kinds/digest.ts";
import { mode } from "./kinds/mode.ts";
import { pattern } from "./kinds/pattern.ts";
import { id } from "./kinds/scalar.ts";
import { filled } from "./kinds/text.ts";
import { replaceLocal } from "./replacement.ts";

const returns = { type: "State", handle: stateHandle };
const paths = list(filled);
const patterns = list(pattern);

const localOptions = options(
  {
    include: { kind: patterns, doc: "Transfer only what matches one of these patterns." },
    exclude: { kind: patterns, doc: "Leave out what matches one of these patterns, as in .dockerignore." },
    follow_paths: { kind: paths, doc: "Paths whose symlinks' targets are transferred too." },
    shared_key_hint: { kind: filled, doc: "Builds that name the same hint share what the daemon received before." },
    differ: {
      kind: literal("metadata", "none"),
      doc: "`none` transfers every file again, whatever its size and time.",
    },
    metadata_only: {
      kind: oneOf(boolean, patterns),
      doc: "Transfer no contents: one file, `.fsutil-metadata`, lists names, sizes and modes; a list names the paths that come as files too.",
    },
    ignore_file: {
      kind: boolean,
      doc: '`false` makes `bk.local_("context")` ignore .dockerignore. Default: true.',
    },
  },
  { type: "LocalOptions" },
);

export const bkLocal = define({
  name: "bk.local_",
  doc: "A directory of this machine, given with `--local name=path`; `context` is the build context. (`local` is a keyword of Lua, hence the underscore.)",
  params: [
    { name: "name", kind: filled, doc: "The name of the directory on the command line." },
    { name: "opts", kind: optional(localOptions) },
  ],
  returns,
  example: 'bk.export(bk.scratch():copy(bk.local_("context", {exclude = {".git"}}), "/", "/src"))',
  run: (call, name, given = {}) => {
    const { targetPlatform, replacements } = call.session.options;
    const by = replacements?.local(name, targetPlatform);
    const ignoring = ignored(call.session, name, given.ignore_file);
    // A directory that takes another's place brings its own ignore file.
    const isItself = by === undefined || (by.type === "local" && by.name === name);
    const options = {
      include: given.include,
      exclude: [...(isItself ? ignoring : []), ...(given.exclude ?? [])],
      followPaths: given.follow_paths,
      sharedKeyHint: given.shared_key_hint,
      differ: given.differ,
      metadataOnly: given.metadata_only,
    };
    const context = contextOf(call);
    return by === undefined ? local(name, options, context) : replaceLocal(by, options, targetPlatform, context);
  },
});

function ignored(session: Evaluation, name: string, wanted: boolean | undefined): readonly string[] {
  if (name === "context") return wanted === false ? [] : session.ignorePatterns();
  if (wanted === undefined) return [];
  throw new LuakitError("script.option", 'option "ignore_file": the ignore file is about bk.local_("context") only');
}

const gitOptions = options(
  {
    ref: { kind: filled, doc: "A branch, tag or commit. Default: what the URL says, else the remote's HEAD." },
    subdir: { kind: filled, doc: "Only this directory of the repository." },
    keep_git_dir: { kind: boolean, doc: "Keep the directory `.git`. Default: false." },
    submodules: { kind: boolean, doc: "Fetch submodules too. Default: true." },
    checksum: { kind: filled, doc: "The commit that the ref must be, or its first digits; otherwise the build fails." },
    auth_token_secret: {
      kind: filled,
      doc: "Id of the secret that holds an access token. Default: `GIT_AUTH_TOKEN`.",
    },
    auth_header_secret: {
      kind: filled,
      doc: "Id of the secret that holds a whole Authorization header. Default: `GIT_AUTH_HEADER`.",
    },
    ssh: { kind: filled, doc: "Id of the SSH agent, for ssh URLs. Default: `default`." },
    known_hosts: { kind: filled, doc: "The lines of a known_hosts file, for ssh URLs." },
  },
  { type: "GitOptions" },
);

export const bkGit = define({
  name: "bk.git",
  doc: "A git repository. The URL may be https, ssh, git or scp-like, with `#ref:subdir` at its end.",
  params: [
    { name: "url", kind: filled, doc: "The URL to clone." },
    { name: "opts", kind: optional(gitOptions) },
  ],
  returns,
  example: 'bk.export(bk.git("https://github.com/moby/buildkit.git", {ref = "v0.12.0"}))',
  run: (call, url, given = {}) =>
    git(
      url,
      {
        ref: given.ref,
        subdir: given.subdir,
        keepGitDir: given.keep_git_dir,
        submodules: given.submodules,
        checksum: given.checksum,
        authTokenSecret: given.auth_token_secret,
        authHeaderSecret: given.auth_header_secret,
        ssh: given.ssh,
        knownHosts: given.known_hosts,
      },
      contextOf(call),
    ),
});

const password = refine(text, {}, (): never => {
  throw new LuakitError("script.option", "a password would stand in the build's definition for all to read", {
    hint: 'put the Authorization header into a secret and write auth_header_secret = "id"',
  });
});

const httpFields = {
  checksum: { kind: digest, doc: "The digest that the file must have; otherwise the build fails." },
  filename: {
    kind: filled,
    doc: "The name of the file. Default: that which the server gives, or the last part of the URL.",
  },
  chmod: { kind: mode("chmod"), doc: 'The mode of the file, `"0600"` if absent.' },
  uid: { kind: id, doc: "The owner of the file." },
  gid: { kind: id, doc: "The group of the file." },
  headers: { kind: map(text), doc: "Request headers: `Accept` and `User-Agent` are those that the daemon sends." },
  auth_header_secret: { kind: filled, doc: "Id of the secret that holds the Authorization header." },
  username: { kind: password, doc: "Refused: use `auth_header_secret`." },
  password: { kind: password, doc: "Refused: use `auth_header_secret`." },
} as const;

const httpOptions = options(httpFields, { type: "HttpOptions" });

export const bkHttp = defineDownload("bk.http");
export const bkHttps = defineDownload("bk.https");

function defineDownload(name: "bk.http" | "bk.https") {
  return define({
    name,
    doc: "A file from a web server, alone at the root of its State. `bk.http` and `bk.https` take the same URLs.",
    params: [
      { name: "url", kind: filled, doc: "An http or https URL." },
      { name: "opts", kind: optional(httpOptions) },
    ],
    returns,
    example: `local tool = ${name}("https://example.com/tool", {chmod = "0755"})\nbk.export(bk.scratch():copy(tool, "tool", "/bin/"))`,
    run: download,
  });
}

function download(call: Call<Evaluation>, url: string, given: OptionsOf<typeof httpFields> = {}) {
  return http(
    url,
    {
      checksum: given.checksum,
      filename: given.filename,
      chmod: given.chmod,
      uid: given.uid,
      gid: given.gid,
      headers: given.headers,
      authHeaderSecret: given.auth_header_secret,
    },
    contextOf(call),
  );
}
