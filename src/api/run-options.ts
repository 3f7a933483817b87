import { boolean, literal } from "../lua/scalar.ts";
import { options } from "../lua/table.ts";
import { devices } from "./kinds/devices.ts";
import { env } from "./kinds/env.ts";
import { exitCodes } from "./kinds/exit-codes.ts";
import { hosts } from "./kinds/hosts.ts";
import { mounts } from "./kinds/mounts.ts";
import { platform } from "./kinds/platform.ts";
import { user } from "./kinds/scalar.ts";
import { secretsEnv } from "./kinds/secrets-env.ts";
import { shell } from "./kinds/shell.ts";
import { size } from "./kinds/size.ts";
import { filled } from "./kinds/text.ts";
import { ulimits } from "./kinds/ulimits.ts";

export const network = literal("sandbox", "host", "none");

/** The options of `state:run`, each for this step only. */
export const runOptions = options(
  {
    cwd: {
      kind: filled,
      doc: "The working directory; a relative one is below the State's. It is made if it is missing.",
    },
    user: {
      kind: user,
      doc: "Who runs it: `name`, `name:group` or `uid:gid`. Default: the State's, else that of the image, else root.",
    },
    env: { kind: env, doc: 'Environment variables on top of the State\'s: `{NAME = "value"}`.' },
    network: {
      kind: network,
      doc: "`sandbox` is the default, `host` needs `--allow network.host`, `none` has no network at all.",
    },
    security: {
      kind: literal("sandbox", "insecure"),
      doc: "`insecure` gives all capabilities and needs `--allow security.insecure`.",
    },
    mounts: { kind: mounts, doc: "What else the step sees: bk.cache, bk.secret, bk.ssh, bk.tmpfs, bk.bind." },
    hostname: { kind: filled, doc: "The host name that the step sees." },
    valid_exit_codes: {
      kind: exitCodes,
      doc: 'Exit codes that are a success: a number, a list or `"0..10"`. 0 counts only when it is among them. Default: 0.',
    },
    secrets_env: {
      kind: secretsEnv,
      doc: "Secrets as environment variables: name to the secret's id, or to `{id =, optional =}`.",
    },
    hosts: { kind: hosts, doc: "Extra lines of /etc/hosts: name to IP address." },
    ulimits: {
      kind: ulimits,
      doc: 'Resource limits: name to a number, to `"soft:hard"` or to `{soft =, hard =}`; -1 is unlimited.',
    },
    cgroup_parent: { kind: filled, doc: "The cgroup that the step's own is made in." },
    shm_size: { kind: size, doc: 'The size of /dev/shm: bytes or `"64MB"`.' },
    devices: { kind: devices, doc: 'CDI devices: `"vendor.com/class=name"` or `{name =, optional =}`.' },
    readonly_root: { kind: boolean, doc: "The step cannot write outside of its mounts. Default: false." },
    shell: { kind: shell, doc: 'What text runs in. Default: the State\'s, else `{"/bin/sh", "-c"}`.' },
    no_cache: { kind: boolean, doc: "Run it again in every build. Default: false." },
    name: { kind: filled, doc: "What progress shows instead of the command." },
    group: { kind: filled, doc: "The progress group; steps of the same one are shown together." },
    platform: { kind: platform, doc: "The platform to run for. Default: the State's." },
  },
  { type: "RunOptions", complete: true },
);
