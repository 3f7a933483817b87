import { LuakitError } from "../diagnostic/luakit-error.ts";
import {
  forPlatform,
  withDir,
  withEnv,
  withHostname,
  withHosts,
  withMetadata,
  withNetwork,
  withSecurity,
  withShell,
  withUser,
} from "../llb/state.ts";
import { makeDir } from "../llb/working-dir.ts";
import { optional } from "../lua/compose.ts";
import { boolean, literal } from "../lua/scalar.ts";
import { options } from "../lua/table.ts";
import { contextOf, define } from "./define.ts";
import { stateHandle } from "./handles.ts";
import { env } from "./kinds/env.ts";
import { hosts } from "./kinds/hosts.ts";
import { platform } from "./kinds/platform.ts";
import { user } from "./kinds/scalar.ts";
import { shell } from "./kinds/shell.ts";
import { filled } from "./kinds/text.ts";
import { network } from "./run-options.ts";

const self = stateHandle;
const returns = { type: "State", handle: stateHandle };

const envOptions = options(
  {
    expand: {
      kind: boolean,
      doc: "`$NAME` and `${NAME:-default}` in values stand for variables as they were before this call, those of the base image too. Default: false.",
    },
  },
  { type: "EnvOptions" },
);

const withEnvFunction = define({
  name: "state:with_env",
  doc: "Sets environment variables for the steps that follow.",
  self,
  params: [
    { name: "env", kind: env, doc: 'Names and values, or a list of `"NAME=value"`.' },
    { name: "opts", kind: optional(envOptions) },
  ],
  returns,
  example:
    'bk.export(bk.image("alpine"):with_env({LANG = "C.UTF-8"}):with_env({PATH = "/opt/bin:$PATH"}, {expand = true}):run("env"))',
  run: (call, variables, given = {}) => withEnv(call.self, variables, { expand: given.expand }),
});

const withArgsFunction = define({
  name: "state:with_args",
  doc: "Sets environment variables for the steps that follow, as ARG does: no image gets them, not even with `settings = true`.",
  self,
  params: [{ name: "env", kind: env, doc: 'Names and values, or a list of `"NAME=value"`.' }],
  returns,
  example:
    'local version = bk.arg("VERSION", "dev")\nbk.export(bk.image("alpine"):with_args({VERSION = version}):run("echo $VERSION > /version"), {settings = true})',
  run: (call, variables) => withEnv(call.self, variables, { stepsOnly: true }),
});

const dirOptions = options(
  {
    create: {
      kind: boolean,
      doc: "Make the directory, and those above it, as WORKDIR does; it belongs to the State's user. Default: false.",
    },
  },
  { type: "DirOptions" },
);

const withDirFunction = define({
  name: "state:with_dir",
  doc: "Sets the working directory of the steps and the file operations that follow; a relative one is below the present one.",
  self,
  params: [
    { name: "path", kind: filled, doc: "The directory." },
    { name: "opts", kind: optional(dirOptions) },
  ],
  returns,
  example: 'bk.export(bk.image("alpine"):with_dir("/app", {create = true}):run("pwd"))',
  run: (call, path, given = {}) =>
    given.create === true ? makeDir(call.self, path, contextOf(call)) : withDir(call.self, path),
});

const withUserFunction = define({
  name: "state:with_user",
  doc: "Sets who runs the steps that follow.",
  self,
  params: [{ name: "user", kind: user, doc: "`name`, `name:group` or `uid:gid`." }],
  returns,
  example: 'bk.export(bk.image("alpine"):with_user("nobody"):run("id"))',
  run: (call, name) => withUser(call.self, name),
});

const withShellFunction = define({
  name: "state:with_shell",
  doc: "Sets what commands given as text run in.",
  self,
  params: [{ name: "shell", kind: shell, doc: 'The shell and its flags: `{"/bin/bash", "-c"}`.' }],
  returns,
  example: 'bk.export(bk.image("debian"):with_shell({"/bin/bash", "-eo", "pipefail", "-c"}):run("date | tee /date"))',
  run: (call, words) => withShell(call.self, words),
});

const withHostnameFunction = define({
  name: "state:with_hostname",
  doc: "Sets the host name that the steps that follow see.",
  self,
  params: [{ name: "hostname", kind: filled, doc: "The name." }],
  returns,
  example: 'bk.export(bk.image("alpine"):with_hostname("builder"):run("hostname"))',
  run: (call, name) => withHostname(call.self, name),
});

const withNetworkFunction = define({
  name: "state:with_network",
  doc: "Sets the network of the steps that follow.",
  self,
  params: [{ name: "mode", kind: network, doc: "`sandbox`, `host` or `none`." }],
  returns,
  example: 'bk.export(bk.image("alpine"):with_network("none"):run("ip addr"))',
  run: (call, mode) => withNetwork(call.self, mode),
});

const withSecurityFunction = define({
  name: "state:with_security",
  doc: "Sets the security mode of the steps that follow; `insecure` needs `--allow security.insecure`.",
  self,
  params: [{ name: "mode", kind: literal("sandbox", "insecure"), doc: "`sandbox` or `insecure`." }],
  returns,
  example: 'bk.export(bk.image("alpine"):with_security("insecure"):run("mount -t tmpfs none /mnt"))',
  run: (call, mode) => withSecurity(call.self, mode),
});

const withHostsFunction = define({
  name: "state:with_hosts",
  doc: "Adds lines to /etc/hosts of the steps that follow.",
  self,
  params: [{ name: "hosts", kind: hosts, doc: "Names and their IP addresses." }],
  returns,
  example: 'bk.export(bk.image("alpine"):with_hosts({["db.local"] = "10.0.0.5"}):run("cat /etc/hosts"))',
  run: (call, entries) => withHosts(call.self, entries),
});

const metadataOptions = options(
  {
    description: { kind: filled, doc: "What progress shows for it." },
    group: { kind: filled, doc: "The progress group; ops of the same one are shown together." },
    progress_group: { kind: filled, doc: "The same as `group`." },
    no_cache: { kind: boolean, doc: "Do it again in every build." },
  },
  { type: "MetadataOptions" },
);

const withMetadataFunction = define({
  name: "state:with_metadata",
  doc: "Says something about the op that gave this State.",
  self,
  params: [{ name: "opts", kind: metadataOptions }],
  returns,
  example:
    'bk.export(bk.image("alpine"):run("apk add git"):with_metadata({description = "Install git", group = "tools"}))',
  run: (call, given) => {
    const { description, group, progress_group, no_cache } = given;
    if (Object.keys(given).length === 0) {
      throw new LuakitError("script.option", "no option is given", { hint: 'write description = "…"' });
    }
    if (group !== undefined && progress_group !== undefined && group !== progress_group) {
      throw new LuakitError("script.option", '"group" and "progress_group" mean the same: give one');
    }
    if (call.self.output === undefined) {
      throw new LuakitError("script.argument", "bk.scratch() has no op that metadata could be about");
    }
    return withMetadata(call.self, { name: description, group: group ?? progress_group, noCache: no_cache });
  },
});

const forPlatformFunction = define({
  name: "state:for_platform",
  doc: "Sets the platform of the steps that follow.",
  self,
  params: [{ name: "platform", kind: platform, doc: '`"linux/arm64"` or `bk.platform(…)`.' }],
  returns,
  example: 'bk.export(bk.scratch():for_platform("linux/arm64"):mkfile("/a", ""))',
  run: (call, wanted) => forPlatform(call.self, wanted),
});

export const settingFunctions = [
  withEnvFunction,
  withArgsFunction,
  withDirFunction,
  withUserFunction,
  withShellFunction,
  withHostnameFunction,
  withNetworkFunction,
  withSecurityFunction,
  withHostsFunction,
  withMetadataFunction,
  forPlatformFunction,
];
