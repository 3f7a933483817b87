import { fstatSync } from "node:fs";
import type { BuildFlags } from "../client/build-flags.ts";
import type { BuildRequest } from "../client/build-request.ts";
import type { FlagContext } from "../client/flag-context.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type Flag, flagValue, flagValues, type Input, isFlagSet } from "./command.ts";
import { readPlatforms } from "./platform-flag.ts";
import type { Terminal } from "./terminal.ts";

const list = { type: "string", repeatable: true } as const;

/** The flags that say which daemon to talk to. */
export const daemonFlags = {
  addr: { type: "string", value: "ADDRESS", doc: "the BuildKit daemon; default: BUILDKIT_HOST, else the first found" },
  builder: { type: "string", value: "NAME", doc: "build with this buildx builder or docker context" },
  daemonless: { type: "boolean", doc: "start a private buildkitd for this build" },
  tlscacert: { type: "string", value: "FILE", doc: "authority that the daemon's certificate is checked with" },
  tlscert: { type: "string", value: "FILE", doc: "certificate to show to the daemon" },
  tlskey: { type: "string", value: "FILE", doc: "its private key" },
  tlsservername: { type: "string", value: "NAME", doc: "name that the daemon's certificate must have" },
  tlsdir: { type: "string", value: "DIR", doc: "directory with ca.pem, cert.pem and key.pem" },
} as const satisfies Record<string, Flag>;

/** The flags that mean a build by a daemon even without --solve, but for --output. */
const implying = {
  tag: { ...list, short: "t", value: "NAME", doc: "name of the image" },
  push: { type: "boolean", doc: "push the image to its registry" },
  load: { type: "boolean", doc: "load the image into the Docker Engine" },
  "metadata-file": { type: "string", value: "FILE", doc: "write what was built, digests above all, as JSON" },
  iidfile: { type: "string", value: "FILE", doc: "write the image's id" },
  report: {
    type: "string",
    value: "FILE.html",
    doc: "write a page about the build: what took its time, logs, transfers",
  },
  trace: { type: "string", value: "FILE", doc: "write the status messages of the build, one JSON object a line" },
} as const satisfies Record<string, Flag>;

const hiddenTwins = {
  "import-cache": { ...list, value: "CACHE", hidden: true, doc: "the same as --cache-from" },
  "export-cache": { ...list, value: "CACHE", hidden: true, doc: "the same as --cache-to" },
} as const satisfies Record<string, Flag>;

/** The flags of `luakit build` that only a build by a daemon reads; it also reads those of every script, and --output. */
export const solveFlags = {
  ...implying,
  local: { ...list, value: "NAME=DIR", doc: "let the build read this directory as bk.local_(NAME)" },
  "build-context": {
    ...list,
    value: "NAME=VALUE",
    doc: "a directory, image or URL in the place of bk.local_(NAME) and bk.image(NAME)",
  },
  "oci-layout": { ...list, value: "NAME=DIR", doc: "let the build read this OCI layout as bk.oci_layout(NAME…)" },
  secret: { ...list, value: "id=ID,src=FILE", doc: "secret for the build; env=VARIABLE takes it from a variable" },
  ssh: { ...list, value: "ID[=SOCKET|KEY]", doc: "ssh agent or keys for the build; default is the running agent" },
  "cache-from": { ...list, value: "CACHE", doc: "cache to use: an image, or type=registry|local|gha|s3|azblob,…" },
  "cache-to": {
    ...list,
    value: "CACHE",
    doc: "cache to write: as --cache-from, or type=inline; mode=max has every step",
  },
  "no-cache": { type: "boolean", doc: "run every step anew" },
  allow: { ...list, value: "ENTITLEMENT", doc: "network.host, security.insecure or device[=NAME]" },
  sbom: { type: "string", value: "true|generator=IMAGE", doc: "attest what is in the image" },
  provenance: { type: "string", value: "true|mode=MODE", doc: "attest how it was built: mode=min or max; default: no" },
  attest: { ...list, value: "type=TYPE,…", doc: "attest with all settings: type=sbom or type=provenance" },
  label: { ...list, value: "NAME=VALUE", doc: "label of the image" },
  annotation: { ...list, value: "NAME=VALUE", doc: "annotation of the image; index:NAME=VALUE for its index" },
  "source-policy-file": { type: "string", value: "FILE", doc: "rules for sources: allow, deny or convert them" },
  "ref-file": { type: "string", value: "FILE", doc: "write the build's name in the daemon's history" },
  "registry-auth-tlscontext": {
    ...list,
    value: "host=HOST,ca=FILE,…",
    doc: "TLS toward the token server of a registry; also cert=, key=, insecure=true",
  },
  progress: {
    type: "string",
    value: "MODE",
    doc: "auto, tty, plain, rawjson, quiet or none; default: BUILDKIT_PROGRESS",
  },
  offline: { type: "boolean", doc: "take base images that the daemon has before those of registries" },
  ...daemonFlags,
  ...hiddenTwins,
} as const satisfies Record<string, Flag>;

/** Whether the command line asks for a build by a daemon, and not for a Definition. */
export function asksToSolve(input: Input): boolean {
  if (isFlagSet(input, "solve")) return true;
  if (Object.keys(implying).some((name) => isFlagSet(input, name))) return true;
  return flagValues(input, "output").some((value) => /(^|[,"])\s*type\s*=/i.test(value));
}

/** Throws "usage" for a flag that is of no use without a daemon. */
export function refuseSolveFlags(input: Input): void {
  const stray = Object.keys(solveFlags).find((name) => isFlagSet(input, name));
  if (stray === undefined) return;
  throw new LuakitError("usage", `--${stray} is for a build by a daemon, and this writes a Definition`, {
    hint: "add --solve to build",
  });
}

/** What the command line asks of a build by a daemon. Throws "usage". */
export async function readBuildRequest(input: Input, terminal: Terminal): Promise<BuildRequest> {
  const { parseBuildFlags } = await import("../client/build-flags.ts");
  return parseBuildFlags(collectFlags(input), flagContext(terminal));
}

/** What the values of flags may refer to. */
export function flagContext({ cwd, variables, outIsTerminal }: Terminal): FlagContext {
  return { cwd, variables, stdout: outIsTerminal() ? "terminal" : stdoutKind() };
}

/** Programs give each other sockets as pipes, too. */
function stdoutKind(): FlagContext["stdout"] {
  const stat = fstatSync(1);
  return stat.isFIFO() || stat.isFile() || stat.isSocket() ? "pipe" : "other";
}

function collectFlags(input: Input): BuildFlags {
  const value = (name: string) => flagValue(input, name);
  const values = (...names: readonly string[]) => names.flatMap((name) => flagValues(input, name));
  const isSet = (name: string) => isFlagSet(input, name);
  return {
    addr: value("addr"),
    builder: value("builder"),
    daemonless: isSet("daemonless"),
    tlsCaCert: value("tlscacert"),
    tlsCert: value("tlscert"),
    tlsKey: value("tlskey"),
    tlsServerName: value("tlsservername"),
    tlsDir: value("tlsdir"),
    context: value("context"),
    local: values("local"),
    ociLayout: values("oci-layout"),
    opt: values("frontend-arg", "opt"),
    buildArg: values("build-arg"),
    label: values("label"),
    target: value("target"),
    platforms: readPlatforms(input),
    secret: values("secret"),
    ssh: values("ssh"),
    registryTls: values("registry-auth-tlscontext"),
    output: values("output"),
    tag: values("tag"),
    push: isSet("push"),
    load: isSet("load"),
    annotation: values("annotation"),
    cacheFrom: values("cache-from", "import-cache"),
    cacheTo: values("cache-to", "export-cache"),
    noCache: isSet("no-cache"),
    allow: values("allow"),
    attest: values("attest"),
    sbom: value("sbom"),
    provenance: value("provenance"),
    sourcePolicyFile: value("source-policy-file"),
    offline: isSet("offline"),
    progress: value("progress"),
    files: {
      metadata: value("metadata-file"),
      imageId: value("iidfile"),
      ref: value("ref-file"),
      trace: value("trace"),
      report: value("report"),
    },
  };
}
