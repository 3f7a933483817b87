import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { ExportOptions } from "../image/export-config.ts";
import { oneOf, refine } from "../lua/compose.ts";
import type { Kind } from "../lua/kind.ts";
import { boolean, integer, text } from "../lua/scalar.ts";
import { list, map, options } from "../lua/table.ts";
import { duration } from "./kinds/duration.ts";
import { env } from "./kinds/env.ts";
import { onbuild } from "./kinds/onbuild.ts";
import { scalar, user } from "./kinds/scalar.ts";
import { shell } from "./kinds/shell.ts";
import { filled } from "./kinds/text.ts";

/** The end of the year 9999, in seconds since 1970. */
const latest = 253_402_300_799;

const command = oneOf(filled, list(text));
const port = oneOf(integer(), text);

const ports: Kind<readonly (string | number)[]> = refine(
  oneOf(port, list(port)),
  { type: "integer|string|(integer|string)[]", expected: "list of ports" },
  (value) => (Array.isArray(value) ? value : [value]),
);

const healthcheck = options(
  {
    test: { kind: command, doc: 'What to run: text runs in the shell, a list as it is; `{"NONE"}` switches it off.' },
    cmd: { kind: command, doc: "The same as `test`." },
    interval: { kind: duration, doc: 'The time between two checks: `"30s"`.' },
    timeout: { kind: duration, doc: "How long a check may take." },
    start_period: { kind: duration, doc: "How long the container may take to start." },
    start_interval: { kind: duration, doc: "The time between two checks while it starts." },
    retries: { kind: integer({ min: 0 }), doc: "How many checks in a row must fail." },
    disable: { kind: boolean, doc: "Switch off the check of the base image." },
  },
  { type: "HealthcheckOptions" },
);

const fields = options(
  {
    entrypoint: {
      kind: command,
      doc: "What the container runs: a list, or text for the shell. Setting it drops the base image's `cmd`.",
    },
    cmd: { kind: command, doc: "The arguments of the entrypoint that a user can replace." },
    env: {
      kind: env,
      doc: "Environment variables of the container, on top of the base image's. Those of `with_env` are for steps.",
    },
    user: { kind: user, doc: "Who runs it: `name`, `name:group` or `uid:gid`." },
    workdir: { kind: filled, doc: "The working directory; a relative one is below that of the base image." },
    cwd: { kind: filled, doc: "The same as `workdir`." },
    expose: { kind: ports, doc: 'Ports: `{8080, "53/udp", "8000-8010/tcp"}`.' },
    volumes: { kind: list(filled), doc: "Absolute paths that are volumes." },
    labels: { kind: map(scalar), doc: "Labels of the image." },
    annotations: {
      kind: map(scalar),
      doc: "Annotations of the manifest; `index:key` and `manifest[linux/amd64]:key` name other places.",
    },
    stop_signal: { kind: oneOf(filled, integer()), doc: "What stops the container: `SIGTERM`, `15`." },
    shell: { kind: shell, doc: 'What text commands run in: `{"/bin/bash", "-c"}`.' },
    healthcheck: { kind: healthcheck, doc: "How to find out whether the container works." },
    author: { kind: filled, doc: "Who made the image." },
    created: {
      kind: oneOf(filled, integer({ min: 0, max: latest })),
      doc: 'When it was made: `"2024-01-31T12:00:00Z"` or seconds since 1970.',
    },
    os: { kind: filled, doc: "The operating system. Default: that of the base image." },
    arch: { kind: filled, doc: "The architecture. Default: that of the base image." },
    variant: { kind: filled, doc: "The variant of the architecture." },
    settings: {
      kind: boolean,
      doc: "The State's own environment, working directory, user and shell become the image's, unless they are named here. Default: false.",
    },
    onbuild: {
      kind: onbuild,
      doc: 'What a Dockerfile on this image does first, as ONBUILD: `{"COPY . /app"}`.',
    },
    inherit: {
      kind: boolean,
      doc: "Start from the config of the image that the State descends from, as FROM does. Default: true.",
    },
  },
  { type: "ExportOptions" },
);

/** The config of an exported image; `checkExportOptions` checks what types cannot say. */
export const exportConfig: Kind<ExportOptions> = refine(fields, {}, ({ cwd, ...config }): ExportOptions => {
  if (cwd === undefined) return config;
  if (config.workdir === undefined || config.workdir === cwd) return { ...config, workdir: cwd };
  throw new LuakitError("script.option", '"cwd" and "workdir" mean the same: give one');
});
