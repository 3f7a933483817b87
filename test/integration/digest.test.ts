import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type BuildOptions, buildStatus, emit, unique } from "../support/build.ts";
import { decodeOps } from "../support/definition.ts";
import { quote } from "../support/probe.ts";
import { fetchManifest, testbed } from "../support/testbed.ts";

setDefaultTimeout(180_000);

const { images, http, git, ociLayout, registry, devices } = testbed();
const busybox = `bk.image("${images.busybox}")`;
const { config } = await fetchManifest(images.busybox);

const given: BuildOptions = {
  env: { SECRET_OF_TEST: "secret" },
  secrets: ["id=token,env=SECRET_OF_TEST", "id=GIT_AUTH_TOKEN,env=SECRET_OF_TEST"],
  ssh: [`default=${git.ssh.agent}`],
  allow: ["network.host", "security.insecure", "device"],
  args: [`--oci-layout=store=${ociLayout.dir}`],
  locals: { context: { "a.txt": "a", "b/c.txt": "c" }, "other-name": { "d.txt": "d" } },
};

/** The State that a step with these options leaves. */
const run = (options: string, command = "true") => `${busybox}:run("${command} # ${unique()}", {${options}})`;
const source = 'bk.scratch():mkdir("/dir"):mkfile("/dir/file", "text")';

const sources: Readonly<Record<string, string>> = {
  image: busybox,
  "image of a platform": `bk.image("${images.multi}", {platform = "linux/arm64/v8"})`,
  "image with all options": `bk.image("${images.busybox}", {resolve = "always", resolve_digest = true, layer_limit = 1, checksum = "${ociLayout.digest}"})`,
  "image never resolved": `bk.image("${images.busybox}", {resolve = "never"})`,
  local: 'bk.local_("context")',
  "local with all options":
    'bk.local_("context", {include = {"*.txt", "<b>&"}, exclude = {"**/*.log"}, follow_paths = {"a.txt"}, shared_key_hint = "hint", differ = "none", metadata_only = {"a.txt"}})',
  "two locals": 'bk.merge(bk.local_("context"), bk.local_("other-name"))',
  git: `bk.git("${git.url}")`,
  "git with all options": `bk.git("${git.url}#main:sub/dir", {keep_git_dir = true, submodules = false, checksum = "${git.commits.main}", auth_token_secret = "token", auth_header_secret = "header"})`,
  "git over ssh": `bk.git("${git.ssh.url}", {ref = "feature", known_hosts = ${quote(git.ssh.knownHosts)}, ssh = "default"})`,
  http: `bk.http("${http.hello.url}")`,
  "http with all options": `bk.http("${http.hello.url}", {checksum = "${http.hello.digest}", filename = "f", chmod = "0755", uid = 1, gid = 2, headers = {Accept = "x/y"}, auth_header_secret = "token"})`,
  "OCI layout": `bk.oci_layout("store@${ociLayout.digest}", {layer_limit = 1})`,
  "blob of a registry": `bk.blob("${registry}/busybox@${config?.digest}", {filename = "config"})`,
  "blob of a layout": `bk.blob("store@${config?.digest}", {oci_layout = "store", chmod = "0644"})`,
};

const steps: Readonly<Record<string, string>> = {
  "a step": run(""),
  "a list": `${busybox}:run({"true", "${unique()}"})`,
  "a step on a configured image": `bk.image("${images.configured}"):run("true # ${unique()}")`,
  "cwd, user, env, hostname, hosts": run(
    'cwd = "/usr", user = "app", env = {A = "1", ["Ü"] = "é"}, hostname = "h", hosts = {db = "10.0.0.1"}',
  ),
  "network and security": run('network = "host", security = "insecure"'),
  "network none": run('network = "none"'),
  "exit codes": run('valid_exit_codes = "0..255"', "exit 200"),
  limits: run('ulimits = {nofile = "100:200", core = 0}, shm_size = "2MB", cgroup_parent = "/luakit-digest"'),
  devices: run(`devices = {"${devices.one}", {name = "vendor.example/thing=no", optional = true}}`),
  "secrets in the environment": run('secrets_env = {TOKEN = "token", NONE = {id = "none", optional = true}}'),
  "a read-only root": `${run("readonly_root = true, mounts = {bk.bind(bk.scratch(), '/o', {readonly = false})}")}:mount("/o")`,
  "metadata only": run('no_cache = true, name = "a name", group = "a group"'),
  "another platform": run('platform = "linux/arm64"'),
  "a cache": run(
    'mounts = {bk.cache("/c"), bk.cache("/d", {id = "x", sharing = "locked"}), bk.cache("/e", {sharing = "private"})}',
  ),
  "a cache with contents": run(
    `mounts = {bk.cache("/c", {from = ${source}, selector = "/dir", uid = 1, gid = 2, mode = "0700"})}`,
  ),
  "a secret and an agent": run(
    'mounts = {bk.secret("/run/secrets/token", {uid = 1, gid = 2, mode = "0444"}), bk.ssh(), bk.ssh{dest = "/agent", optional = true}}',
  ),
  tmpfs: run('mounts = {bk.tmpfs("/t"), bk.tmpfs("/u", {size = "1MB"})}'),
  binds: run(
    `mounts = {bk.bind(${source}, "/b"), bk.bind(${source}, "/a", {selector = "/dir", content_cache = "off"}), bk.bind(${source}, "/c", {content_cache = "on"})}`,
  ),
  "an output": `${run(`mounts = {bk.bind(bk.scratch(), "/z", {readonly = false}), bk.bind(${source}, "/a", {readonly = false})}`)}:mount("/z")`,
  "a chain": Array.from({ length: 5 }, (_, index) => `:run("true # ${index} ${unique()}")`).reduce(
    (a, b) => a + b,
    busybox,
  ),
};

const files: Readonly<Record<string, string>> = {
  mkdir:
    'bk.scratch():mkdir("/a/b", {mode = "0700", make_parents = true, owner = "1:2", created = "2024-01-01T00:00:00Z"})',
  mkfile: 'bk.scratch():mkfile("/a", "\\0\\255binary", {mode = "0600", owner = {user = 3, group = 4}})',
  symlink: 'bk.scratch():symlink("target", "/link")',
  rm: `${busybox}:rm("/etc/passwd"):rm({"/nothing", "/no*"}, {allow_not_found = true, allow_wildcard = true})`,
  "owners by name": `${busybox}:mkdir("/a", {owner = "app"}):mkfile("/b", "", {owner = "app:root"})`,
  copy: `bk.scratch():copy(${busybox}, "/etc", "/etc")`,
  "copy with all options": `${busybox}:copy(bk.local_("context"), {"a.txt", "b*"}, "/to/", {mode = "u+x,go-w", owner = "app:app", follow_symlink = true, allow_empty_wildcard = true, include = {"*.txt"}, exclude = {"c*"}, contents_only = false, unpack = true, always_replace = true, created = 1700000000})`,
  "copy with required paths": 'bk.scratch():copy(bk.local_("context"), "/", "/", {required_paths = {"a.txt"}})',
  "several in one op": `bk.scratch():files(function(f) f:mkdir("/x") f:mkfile("/x/y", "z") f:copy(${busybox}, "/etc/passwd", "/x/") end)`,
};

const graphs: Readonly<Record<string, string>> = {
  merge: `bk.merge(${busybox}, ${source}, bk.local_("context"))`,
  diff: `bk.diff(${busybox}, ${run("", "touch /new")})`,
  "diff with nothing above": `bk.merge(bk.diff(${busybox}, bk.scratch()), ${source})`,
  "the same op twice": `bk.merge(${busybox}:mkdir("/a"), ${busybox}:mkdir("/a"), ${busybox}:mkdir("/b"))`,
  "a diamond": `(function() local b = ${busybox}:mkdir("/${unique()}") return bk.merge(b:mkdir("/l"), b:mkdir("/r")):run("true") end)()`,
  "metadata on all": `${busybox}:with_metadata{group = "g"}:mkdir("/m"):with_metadata{description = "all of it", no_cache = true}`,
  "state settings": `${busybox}:with_env{A = "1"}:with_dir("x"):with_user("1:1"):with_hostname("h"):with_network("none"):with_hosts{a = "::1"}:with_shell{"/bin/sh", "-c"}:run("true # ${unique()}")`,
};

const all = { ...sources, ...steps, ...files, ...graphs };

/** Builds a graph and looks for its digests in what the daemon says. */
async function compareDigests(expression: string, options: BuildOptions): Promise<void> {
  const { definition, status } = await buildStatus(`bk.export(${expression})`, options);
  const digests = decodeOps(definition).map(({ digest }) => digest);
  const vertexes = status.flatMap(({ vertexes = [] }) => vertexes);
  // The daemon also reports vertexes of its own, and those of other builds that do the same at this moment.
  expect(vertexes.map(({ digest }) => digest)).toEqual(expect.arrayContaining(digests));
  const inputs = vertexes.filter(({ digest }) => digests.includes(digest)).flatMap(({ inputs = [] }) => inputs);
  expect(inputs.filter((input) => !digests.includes(input))).toEqual([]);
}

/** Graphs in one build, with a title. */
function inParts(graphs: readonly (readonly [string, string])[]): [string, string][] {
  const parts = graphs.flatMap((_, at) => (at % 10 === 0 ? [graphs.slice(at, at + 10)] : []));
  return parts.map((part) => {
    const copies = part.map(([, state], at) => `:copy(${state}, "/*", "/${at}/", {allow_empty_wildcard = true})`);
    return [part.map(([name]) => name).join("; "), `bk.scratch()${copies.join("")}`];
  });
}

describe.concurrent("the daemon's digests are those of the Definition", () => {
  test.each(Object.entries(all))("%s", (_, expression) => compareDigests(expression, given));
});

/** A solve gives images their digests, which a Definition has where the script wants them. */
function withDigests(state: string): string {
  return state.replace(/bk\.image\("([^"]+)"(?:, \{([^}]*)\})?\)/g, (image, name, options = "") =>
    /never|resolve_digest/.test(options)
      ? image
      : `bk.image("${name}", {${options && `${options}, `}resolve_digest = true})`,
  );
}

// What else is tested of a solve is no different for whoever gets the Definition.
describe.concurrent("luakit that solves asks for what it emits", () => {
  // A solve looks for the ignore file of the context, which then is another source.
  const same = Object.entries(all).flatMap(([name, state]): [string, string][] =>
    state.includes('bk.local_("context"') ? [] : [[name, withDigests(state)]],
  );

  test.each(inParts(same))("%s", async (_, expression) => {
    const { definition, stderr } = await emit(`bk.export(${expression})`, given);
    expect(decodeOps(definition).length, stderr).toBeGreaterThan(2);
    const { status } = await buildStatus(`bk.export(${expression})`, { ...given, role: "luakit" });
    const digests = status.flatMap(({ vertexes = [] }) => vertexes.map(({ digest }) => digest));
    // The last one's digest is made from those of all others.
    expect(digests).toEqual(expect.arrayContaining(decodeOps(definition).map(({ digest }) => digest)));
  });
});

/** What v0.12 refuses, by the capability that it lacks. */
const newer: Readonly<Partial<Record<keyof typeof all, string>>> = {
  "image with all options": "source.image.checksum",
  "local with all options": "source.local.metadatatransfer",
  "git with all options": "source.git.",
  "http with all options": "source.http.",
  "blob of a registry": "source.imageblob",
  "blob of a layout": "source.imageblob",
  "exit codes": "exec.validexitcode",
  devices: "exec.meta.cdi",
  binds: "exec.mount.cache.content",
  symlink: "file.symlink.create",
  "copy with all options": "file.copy.alwaysreplaceexistingdestpaths",
  "copy with required paths": "file.copy.requiredpaths",
};

const { v012 } = testbed();
describe.skipIf(v012 === undefined).concurrent("the digests of the oldest daemon are those of the Definition", () => {
  const allow = ["network.host", "security.insecure"];
  const options = { ...given, allow, ...(v012 === undefined ? {} : { addr: v012.addr }) };
  const known = Object.entries(all).filter(([name]) => newer[name] === undefined);

  // One by one they are compared above.
  test.each(inParts(known))("%s", (_, expression) => compareDigests(expression, options));

  test.each(Object.entries(newer))("%s is refused", async (name, lacking) => {
    await expect(buildStatus(`bk.export(${all[name]})`, options)).rejects.toThrow(lacking);
  });
});
