/** How a function is called with an options table, and what each option does to the op that comes out of it. */
export interface OptionCase {
  readonly call: string;
  /** Option to a Lua value and what the probe of the op must then match. */
  readonly options: Readonly<Record<string, readonly [value: string, expected: object]>>;
}

const digest = `sha256:${"a".repeat(64)}`;
const owner = { owner: { user: "app", group: 1000 } };
const ownerValue = '{user = "app", group = 1000}';
const moment = 1_706_702_400_000_000_000n;
const onRoot = (call: string) => `bk.export(bk.image("alpine"):${call})`;
const inRun = (mount: string) => onRoot(`run("x", {mounts = {${mount}}})`);

const file: OptionCase["options"] = {
  filename: ['"tool"', { attributes: { "http.filename": "tool" } }],
  chmod: ['"0755"', { attributes: { "http.perm": "0755" } }],
  uid: ["7", { attributes: { "http.uid": "7" } }],
  gid: ["8", { attributes: { "http.gid": "8" } }],
};

const download: OptionCase["options"] = {
  ...file,
  checksum: [`"${digest}"`, { attributes: { "http.checksum": digest } }],
  headers: ['{["User-Agent"] = "luakit"}', { attributes: { "http.header.user-agent": "luakit" } }],
  auth_header_secret: ['"token"', { attributes: { "http.authheadersecret": "token" } }],
};

const secretFile: OptionCase["options"] = {
  id: ['"npm"', { mount: { id: "npm" } }],
  uid: ["7", { mount: { uid: 7 } }],
  gid: ["8", { mount: { gid: 8 } }],
  mode: ['"0440"', { mount: { mode: 0o440 } }],
  optional: ["true", { mount: { optional: true } }],
};

const created: OptionCase["options"] = {
  owner: [ownerValue, { action: owner }],
  created: ['"2024-01-31T12:00:00Z"', { action: { created: moment } }],
};

const copy: OptionCase["options"] = {
  ...created,
  mode: ['"u+x"', { action: { mode: "u+x" } }],
  follow_symlink: ["true", { action: { followSymlink: true } }],
  create_dest_path: ["false", { action: { createDestPath: false } }],
  allow_wildcard: ["false", { action: { allowWildcard: false } }],
  allow_empty_wildcard: ["true", { action: { allowEmptyWildcard: true } }],
  include: ['{"*.go"}', { action: { include: ["*.go"] } }],
  exclude: ['{"*_test.go"}', { action: { exclude: ["*_test.go"] } }],
  contents_only: ["false", { action: { contentsOnly: false } }],
  unpack: ["true", { action: { unpack: true } }],
  always_replace: ["true", { action: { alwaysReplace: true } }],
  required_paths: ['{"go.mod"}', { action: { requiredPaths: ["go.mod"] } }],
  expand: ["true", { action: { expands: true } }],
};

const mkdir: OptionCase["options"] = {
  ...created,
  mode: ['"0700"', { action: { mode: 0o700 } }],
  make_parents: ["true", { action: { makeParents: true } }],
};

const mkfile: OptionCase["options"] = { ...created, mode: ['"0600"', { action: { mode: 0o600 } }] };

const rm: OptionCase["options"] = {
  allow_not_found: ["true", { action: { allowNotFound: true } }],
  allow_wildcard: ["true", { action: { allowWildcard: true } }],
};

const fileOperations = (prefix: "state" | "files"): Readonly<Record<string, OptionCase>> => {
  const call = (operation: string) => onRoot(prefix === "state" ? operation : `files(function(f) f:${operation} end)`);
  return {
    [`${prefix}:copy`]: { call: call('copy(bk.local_("context"), "/a", "/b", OPTIONS)'), options: copy },
    [`${prefix}:mkdir`]: { call: call('mkdir("/a", OPTIONS)'), options: mkdir },
    [`${prefix}:mkfile`]: { call: call('mkfile("/a", "data", OPTIONS)'), options: mkfile },
    [`${prefix}:rm`]: { call: call('rm("/a", OPTIONS)'), options: rm },
    [`${prefix}:symlink`]: { call: call('symlink("/a", "/b", OPTIONS)'), options: created },
  };
};

/** Every option of every function; refused ones excepted. */
export const optionCases: Readonly<Record<string, OptionCase>> = {
  "bk.image": {
    call: 'bk.export(bk.image("alpine", OPTIONS))',
    options: {
      platform: ['"linux/arm"', { platform: { os: "linux", architecture: "arm", variant: "v7" } }],
      resolve: ['"always"', { attributes: { "image.resolvemode": "pull" } }],
      resolve_digest: ["true", { pinned: true }],
      checksum: [`"${digest}"`, { attributes: { "image.checksum": digest } }],
      layer_limit: ["3", { attributes: { "image.layerlimit": "3" } }],
    },
  },
  "bk.oci_layout": {
    call: `bk.export(bk.oci_layout("base@${digest}", OPTIONS))`,
    options: {
      store: ['"other"', { attributes: { "oci.store": "other" } }],
      platform: ['"linux/386"', { platform: { architecture: "386" } }],
      layer_limit: ["3", { attributes: { "oci.layerlimit": "3" } }],
    },
  },
  "bk.blob": {
    call: `bk.export(bk.blob("alpine@${digest}", OPTIONS))`,
    options: {
      oci_layout: ['"store"', { identifier: `oci-layout+blob://docker.io/library/alpine@${digest}` }],
      ...file,
    },
  },
  "bk.dockerfile": {
    call: "bk.export(bk.dockerfile(OPTIONS))",
    options: {
      context: ['"app"', { localContext: { name: "app", filename: "Dockerfile" } }],
      filename: ['"/docker/../docker/app"', { options: { filename: "docker/app" } }],
      target: ['"app"', { options: { target: "app" } }],
      build_args: ['{VERSION = 2, DEBUG = ""}', { options: { "build-arg:VERSION": "2", "build-arg:DEBUG": "" } }],
      platform: ['"linux/arm/v7"', { platform: { os: "linux", architecture: "arm", variant: "v7" } }],
    },
  },
  "bk.frontend": {
    call: 'bk.export(bk.frontend("docker/dockerfile:1", OPTIONS))',
    options: {
      opts: ['{target = "app", ["no-cache"] = true}', { options: { target: "app", "no-cache": "true" } }],
      inputs: ['{b = bk.image("alpine"), a = bk.scratch()}', { inputs: ["a", "b"] }],
      platform: ['"linux/arm64"', { platform: { os: "linux", architecture: "arm64" } }],
    },
  },
  "bk.local_": {
    call: 'bk.export(bk.local_("context", OPTIONS))',
    options: {
      include: ['{"*.go", "go.mod"}', { attributes: { "local.includepattern": '["*.go","go.mod"]' } }],
      exclude: ['{".git"}', { attributes: { "local.excludepatterns": '["ignored",".git"]' } }],
      follow_paths: ['{"link"}', { attributes: { "local.followpaths": '["link"]' } }],
      shared_key_hint: ['"hint"', { attributes: { "local.sharedkeyhint": "hint" } }],
      differ: ['"none"', { attributes: { "local.differ": "none" } }],
      metadata_only: [
        '{"go.mod"}',
        { attributes: { "local.metadatatransfer": "true", "local.metadatatransferexclude": '["go.mod"]' } },
      ],
      ignore_file: ["false", { attributes: {} }],
    },
  },
  "bk.git": {
    call: 'bk.export(bk.git("git@github.com:moby/buildkit.git", OPTIONS))',
    options: {
      ref: ['"v0.12.0"', { identifier: "git://github.com/moby/buildkit.git#v0.12.0" }],
      subdir: ['"client"', { identifier: "git://github.com/moby/buildkit.git#:client" }],
      keep_git_dir: ["true", { attributes: { "git.keepgitdir": "true" } }],
      submodules: ["false", { attributes: { "git.skipsubmodules": "true" } }],
      checksum: ['"abcdef0"', { attributes: { "git.checksum": "abcdef0" } }],
      auth_token_secret: ['"token"', { attributes: { "git.authtokensecret": "token" } }],
      auth_header_secret: ['"header"', { attributes: { "git.authheadersecret": "header" } }],
      ssh: ['"agent"', { attributes: { "git.mountsshsock": "agent" } }],
      known_hosts: ['"github.com ssh-rsa A"', { attributes: { "git.knownsshhosts": "github.com ssh-rsa A\n" } }],
    },
  },
  "bk.http": { call: 'bk.export(bk.http("http://example.com/a", OPTIONS))', options: download },
  "bk.https": { call: 'bk.export(bk.https("https://example.com/a", OPTIONS))', options: download },
  "state:run": {
    call: onRoot('run("x", OPTIONS)'),
    options: {
      cwd: ['"/src"', { state: { dir: "/src" } }],
      user: ["1000", { state: { user: "1000" } }],
      env: ['{"B=1", "A=2"}', { state: { env: { name: "A", value: "2", previous: { name: "B", value: "1" } } } }],
      network: ['"none"', { state: { network: "none" } }],
      security: ['"insecure"', { state: { security: "insecure" } }],
      mounts: ['{bk.tmpfs("/t")}', { mount: { type: "tmpfs", dest: "/t" } }],
      hostname: ['"builder"', { state: { hostname: "builder" } }],
      valid_exit_codes: ['"0..2"', { validExitCodes: [0, 1, 2] }],
      secrets_env: [
        '{TOKEN = "id", OTHER = {optional = true}}',
        {
          secretsEnv: [
            { name: "OTHER", id: "OTHER", optional: true },
            { name: "TOKEN", id: "id", optional: false },
          ],
        },
      ],
      hosts: ['{db = "10.0.0.5"}', { state: { hosts: [{ name: "db", address: "10.0.0.5" }] } }],
      ulimits: [
        '{nofile = 1024, nproc = "1:2", core = {soft = 0, hard = "unlimited"}}',
        {
          ulimits: [
            { name: "core", soft: 0, hard: -1 },
            { name: "nofile", soft: 1024, hard: 1024 },
            { name: "nproc", soft: 1, hard: 2 },
          ],
        },
      ],
      cgroup_parent: ['"/build"', { cgroupParent: "/build" }],
      shm_size: ['"64MB"', { mount: { type: "tmpfs", dest: "/dev/shm", size: 64 << 20 } }],
      devices: [
        '{"vendor.com/gpu=all", {name = "vendor.com/nic", optional = true}}',
        {
          devices: [
            { name: "vendor.com/gpu=all", optional: false },
            { name: "vendor.com/nic", optional: true },
          ],
        },
      ],
      readonly_root: ['true, mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}', { readonlyRoot: true }],
      shell: ['{"/bin/bash", "-c"}', { args: ["/bin/bash", "-c", "x"] }],
      no_cache: ["true", { metadata: { ignoreCache: true } }],
      name: ['"build it"', { description: { "llb.customname": "build it" } }],
      group: ['"tools"', { metadata: { progressGroup: { name: "tools" } } }],
      platform: ['"linux/amd64"', { platform: { os: "linux", architecture: "amd64" } }],
    },
  },
  "bk.cache": {
    call: inRun('bk.cache("/c", OPTIONS)'),
    options: {
      id: ['"gomod"', { mount: { id: "gomod" } }],
      sharing: ['"locked"', { mount: { sharing: "locked" } }],
      from: ['bk.image("busybox")', { mount: { source: { output: { index: 0 } } } }],
      selector: ['"etc", from = bk.image("busybox")', { mount: { selector: "/etc" } }],
      uid: ["7", { cacheAction: { owner: { user: 7, group: 0 } } }],
      gid: ["8", { cacheAction: { owner: { user: 0, group: 8 } } }],
      mode: ['"0700"', { cacheAction: { mode: 0o700 } }],
    },
  },
  "bk.secret": { call: inRun('bk.secret("/s", OPTIONS)'), options: secretFile },
  "bk.ssh": {
    call: inRun("bk.ssh(OPTIONS)"),
    options: { ...secretFile, dest: ['"/agent"', { mount: { dest: "/agent" } }] },
  },
  "bk.tmpfs": { call: inRun('bk.tmpfs("/t", OPTIONS)'), options: { size: ["4096", { mount: { size: 4096 } }] } },
  "bk.bind": {
    call: inRun('bk.bind(bk.local_("context"), "/b", OPTIONS)'),
    options: {
      selector: ['"src"', { mount: { selector: "/src" } }],
      readonly: ["false", { mount: { readonly: false } }],
      content_cache: ['"off"', { mount: { contentCache: "off" } }],
    },
  },
  ...fileOperations("state"),
  ...fileOperations("files"),
  "state:with_metadata": {
    call: onRoot('run("x"):with_metadata(OPTIONS)'),
    options: {
      description: ['"Install"', { description: { "llb.customname": "Install" } }],
      group: ['"tools"', { metadata: { progressGroup: { name: "tools" } } }],
      progress_group: ['"tools"', { metadata: { progressGroup: { name: "tools" } } }],
      no_cache: ["true", { metadata: { ignoreCache: true } }],
    },
  },
  "state:with_env": {
    call: 'bk.export(bk.image("alpine"):with_env({A = "$B"}, OPTIONS):run("x"))',
    options: { expand: ["true", { state: { env: { name: "A", value: "$B", expands: { in: undefined } } } }] },
  },
  "state:with_dir": {
    call: onRoot('with_dir("/app", OPTIONS)'),
    options: { create: ["true", { action: { type: "mkdir", path: ".", makeParents: true, ownedByUser: true } }] },
  },
  "bk.export": {
    call: "bk.export(bk.scratch(), OPTIONS)",
    options: {
      entrypoint: ['{"/app", "serve"}', { config: { entrypoint: ["/app", "serve"] } }],
      cmd: ['"serve"', { config: { cmd: "serve" } }],
      env: [
        '{PORT = 8080, DEBUG = true, HOME = "/"}',
        {
          config: {
            env: new Map([
              ["DEBUG", "true"],
              ["HOME", "/"],
              ["PORT", "8080"],
            ]),
          },
        },
      ],
      user: ['"app"', { config: { user: "app" } }],
      workdir: ['"/app"', { config: { workdir: "/app" } }],
      cwd: ['"/app"', { config: { workdir: "/app" } }],
      expose: ['{8080, "53/udp", "8000-8010/tcp"}', { config: { expose: [8080, "53/udp", "8000-8010/tcp"] } }],
      volumes: ['{"/data"}', { config: { volumes: ["/data"] } }],
      labels: [
        '{["org.opencontainers.image.title"] = "App"}',
        {
          config: { labels: new Map([["org.opencontainers.image.title", "App"]]) },
        },
      ],
      annotations: ['{key = "value"}', { config: { annotations: new Map([["key", "value"]]) } }],
      stop_signal: ['"SIGTERM"', { config: { stop_signal: "SIGTERM" } }],
      shell: ['{"/bin/bash", "-c"}', { config: { shell: ["/bin/bash", "-c"] } }],
      healthcheck: [
        '{test = {"CMD", "true"}, interval = "30s", timeout = "5s", start_period = "1m", start_interval = "1s", retries = 3}',
        {
          config: {
            healthcheck: {
              test: ["CMD", "true"],
              interval: 30e9,
              timeout: 5e9,
              start_period: 60e9,
              start_interval: 1e9,
              retries: 3,
            },
          },
        },
      ],
      author: ['"me"', { config: { author: "me" } }],
      created: ['"2024-01-31T12:00:00Z"', { config: { created: "2024-01-31T12:00:00Z" } }],
      os: ['"linux"', { config: { os: "linux" } }],
      arch: ['"arm64"', { config: { arch: "arm64" } }],
      variant: ['"v9"', { config: { variant: "v9" } }],
      inherit: ["false", { config: { inherit: false } }],
      settings: ["true", { config: { settings: true } }],
      onbuild: ['{"COPY . /app"}', { config: { onbuild: ["COPY . /app"] } }],
    },
  },
  "bk.target": {
    call: 'bk.target("app", OPTIONS, function() return bk.scratch() end)',
    options: {
      description: ['"The app"', { targets: [{ name: "app", description: "The app", isDefault: false }] }],
      default: ["true", { targets: [{ name: "app", isDefault: true }] }],
    },
  },
  "bk.arg": {
    call: 'bk.arg("MODE", OPTIONS) bk.export(bk.scratch())',
    options: {
      default: ["4", { arguments: [{ name: "MODE", type: "number", value: 4 }] }],
      required: ['false, type = "boolean"', { arguments: [{ name: "MODE", type: "boolean", value: undefined }] }],
      description: ['"How"', { arguments: [{ name: "MODE", type: "string", description: "How" }] }],
      values: ['{"a", "b"}', { arguments: [{ name: "MODE", values: ["a", "b"] }] }],
      type: ['"integer"', { arguments: [{ name: "MODE", type: "integer" }] }],
    },
  },
};
