import { blob } from "../../../src/llb/source-blob.ts";
import { type GitOptions, git } from "../../../src/llb/source-git.ts";
import { type HttpOptions, http } from "../../../src/llb/source-http.ts";
import { image } from "../../../src/llb/source-image.ts";
import { local } from "../../../src/llb/source-local.ts";
import { ociLayout } from "../../../src/llb/source-oci-layout.ts";
import { type State, scratch } from "../../../src/llb/state.ts";
import { alpine, base, context, digest, type Graph, here } from "./case.ts";

const arm64 = { os: "linux", architecture: "arm64" };
const buildkit = "https://github.com/moby/buildkit.git";
const commit = "5665c31fa8b8b1a2b3c4d5e6f708192a3b4c5d6e";
const repository = (url: string, options: GitOptions = {}) => git(url, options, here);
const file = (options: HttpOptions, url = "https://example.com/a") => http(url, options, here);

/** The graphs of go/sources.go. */
export const sources: Readonly<Record<string, State | Graph>> = {
  scratch,
  image: base(),
  "image, digest": image(`docker.io/library/alpine@${digest}`, {}, here),
  "image, tag and digest": image(`${alpine}@${digest}`, {}, here),
  "image, other registry": image("localhost:5000/some/image:v1.0_x", {}, here),
  "image, pull": base({ resolve: "always" }),
  "image, local": base({ resolve: "never" }),
  "image, platform": base({ platform: arm64 }),
  "image, platform with variant": base({ platform: { os: "linux", architecture: "arm", variant: "v7" } }),
  "image, layer limit": base({ layerLimit: 3 }),
  "image, checksum": base({ checksum: digest }),
  "image, everything": base({ resolve: "always", platform: arm64, layerLimit: 1, checksum: digest }),
  "image, build platform": { state: base(), options: { platform: { os: "linux", architecture: "s390x" } } },
  local: context(),
  "local, include": context({ include: ["src", "*.go"] }),
  "local, exclude": context({ exclude: ["node_modules", "**/*.<tmp>", "a&b", "é"] }),
  "local, follow paths": context({ followPaths: ["link", "dir/other"] }),
  "local, shared key hint": context({ sharedKeyHint: "hint" }),
  "local, differ none": context({ differ: "none" }),
  "local, differ metadata": context({ differ: "metadata" }),
  "local, metadata only": context({ metadataOnly: true }),
  "local, metadata only with except": context({ metadataOnly: ["go.mod"] }),
  "local, everything": local(
    "my dir",
    { include: ["a"], exclude: ["b"], followPaths: ["c"], sharedKeyHint: "h", differ: "none" },
    here,
  ),
  git: repository(buildkit),
  "git, ref": repository(`${buildkit}#v0.12.0`),
  "git, ref and subdir": repository(`${buildkit}#v0.12.0:frontend/dockerfile`),
  "git, only subdir": repository(`${buildkit}#:/docs/`),
  "git, options": repository(buildkit, { ref: "master", subdir: "docs" }),
  "git, no protocol": repository("github.com/moby/buildkit#v0.12.0"),
  "git, http and port": repository("http://git.example.com:8080/a/b.git", { ref: "main" }),
  "git, git protocol": repository("git://git.example.com/a/b#main"),
  "git, upper case": repository("HTTPS://Git.Example.com/A/B.git"),
  "git, user": repository("https://someone@git.example.com/a/b.git"),
  "git, escapes": repository("https://git.example.com/a%20b/c(d).git"),
  "git, needs escapes": repository("https://git.example.com/a b/é.git"),
  "git, untidy path": repository("https://git.example.com//a/../b.git/"),
  "git, scp-like": repository("git@github.com:moby/buildkit.git#main", { knownHosts: "github.com ssh-ed25519 AAAA" }),
  "git, scp-like, home": repository("me@host:~/repo", { knownHosts: "host ssh-ed25519 AAAA\n" }),
  "git, ssh": repository("ssh://git@git.example.com:2222/a/b.git", { knownHosts: "a", ssh: "agent" }),
  "git, keep git dir": repository(buildkit, { keepGitDir: true }),
  "git, no submodules": repository(buildkit, { submodules: false }),
  "git, checksum": repository(`${buildkit}#v0.12.0`, { checksum: commit }),
  "git, mtime": repository(buildkit, { mtime: "commit" }),
  "git, auth token": repository(buildkit, { authTokenSecret: "token" }),
  "git, auth header": repository(buildkit, { authHeaderSecret: "header" }),
  http: file({}, "http://example.com/file.tar.gz"),
  https: file({}, "https://example.com/a/b?x=1&y=2"),
  "http, checksum": file({ checksum: digest }),
  "http, filename": file({ filename: "b.txt" }),
  "http, chmod": file({ chmod: 0o755 }),
  "http, owner": file({ uid: 1000, gid: 1001 }),
  "http, only group": file({ uid: 0, gid: 5 }),
  "http, headers": file({
    headers: new Map([
      ["Accept", "text/plain"],
      ["User-Agent", "luakit"],
    ]),
  }),
  "http, auth header": file({ authHeaderSecret: "header" }),
  "http, everything": file({
    checksum: digest,
    filename: "b",
    chmod: 0o600,
    uid: 1,
    gid: 2,
    authHeaderSecret: "h",
  }),
  "oci layout": ociLayout(`base@${digest}`, {}, here),
  "oci layout, options": ociLayout(
    `example.com/a/b@${digest}`,
    { store: "store", layerLimit: 2, platform: arm64 },
    here,
  ),
  blob: blob(`docker.io/library/alpine@${digest}`, {}, here),
  "blob, options": blob(`example.com/a/b@${digest}`, { filename: "f", chmod: 0o644, uid: 3, gid: 4 }, here),
  "blob, oci layout": blob(`base@${digest}`, { ociLayout: "base", filename: "f" }, here),
};
