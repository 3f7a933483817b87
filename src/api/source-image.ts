import { LuakitError } from "../diagnostic/luakit-error.ts";
import { formatReference, parseReference } from "../image/reference.ts";
import { blob } from "../llb/source-blob.ts";
import { image } from "../llb/source-image.ts";
import { ociLayout } from "../llb/source-oci-layout.ts";
import { scratch } from "../llb/state.ts";
import { optional } from "../lua/compose.ts";
import { boolean, integer, literal } from "../lua/scalar.ts";
import { options } from "../lua/table.ts";
import { contextOf, define } from "./define.ts";
import { stateHandle } from "./handles.ts";
import { digest } from "./kinds/digest.ts";
import { mode } from "./kinds/mode.ts";
import { platform } from "./kinds/platform.ts";
import { id } from "./kinds/scalar.ts";
import { filled } from "./kinds/text.ts";
import { replaceImage } from "./replacement.ts";

const returns = { type: "State", handle: stateHandle };
const layerLimit = {
  kind: integer({ min: 1, max: 0x7fff_ffff }),
  doc: "Keep only so many of the image's first layers.",
};

const imageOptions = options(
  {
    platform: { kind: platform, doc: "The platform to take from an index. Default: the platform of the build." },
    resolve: {
      kind: literal("default", "always", "never"),
      doc: "`always` asks the registry in every build, `never` prefers an image that the daemon has. Default: as the daemon does.",
    },
    resolve_digest: { kind: boolean, doc: "Write the digest that the name has now into the build." },
    checksum: { kind: digest, doc: "The digest that the name must have, `sha256:…`; otherwise the build fails." },
    layer_limit: layerLimit,
  },
  { type: "ImageOptions" },
);

export const bkImage = define({
  name: "bk.image",
  doc: "An image of a registry. Steps on it start from its environment, working directory and user. Short names are completed as Docker does: `alpine` is `docker.io/library/alpine:latest`.",
  params: [
    { name: "ref", kind: filled, doc: "The image's name with tag or digest." },
    { name: "opts", kind: optional(imageOptions) },
  ],
  returns,
  example: 'local base = bk.image("alpine:3.22", {platform = "linux/arm64"})\nbk.export(base)',
  run: (call, reference, given = {}) => {
    const { targetPlatform, replacements } = call.session.options;
    const name = formatReference(parseReference(reference));
    const by = replacements?.image(name, given.platform ?? targetPlatform);
    const options = {
      platform: given.platform,
      resolve: given.resolve,
      resolveDigest: given.resolve_digest,
      checksum: given.checksum,
      layerLimit: given.layer_limit,
    };
    const context = contextOf(call);
    return by === undefined ? image(name, options, context) : replaceImage(by, options, targetPlatform, context);
  },
});

export const bkScratch = define({
  name: "bk.scratch",
  doc: "The empty file tree.",
  params: [],
  returns,
  example: 'bk.export(bk.scratch():mkfile("/hello.txt", "hello\\n"))',
  run: () => scratch,
});

const ociLayoutOptions = options(
  {
    store: { kind: filled, doc: "The layout's name on the command line. Default: the name in `ref`." },
    platform: { kind: platform, doc: "The platform to take from an index. Default: the platform of the build." },
    layer_limit: layerLimit,
  },
  { type: "OciLayoutOptions" },
);

export const bkOciLayout = define({
  name: "bk.oci_layout",
  doc: "An image in an OCI layout directory of this machine, given with `--oci-layout name=path`.",
  params: [
    { name: "ref", kind: filled, doc: "The layout's name and the digest of the image: `name@sha256:…`." },
    { name: "opts", kind: optional(ociLayoutOptions) },
  ],
  returns,
  example: `local digest = "sha256:${"a".repeat(64)}"\nbk.export(bk.oci_layout("base@" .. digest))`,
  run: (call, reference, given = {}) =>
    ociLayout(
      reference,
      { store: given.store, platform: given.platform, layerLimit: given.layer_limit },
      contextOf(call),
    ),
});

const blobOptions = options(
  {
    oci_layout: { kind: filled, doc: "The blob is in this layout of the command line, not in a registry." },
    filename: { kind: filled, doc: "The name of the file. Default: derived from the digest." },
    chmod: { kind: mode("chmod"), doc: 'The mode of the file, `"0600"` if absent.' },
    uid: { kind: id, doc: "The owner of the file." },
    gid: { kind: id, doc: "The group of the file." },
  },
  { type: "BlobOptions" },
);

export const bkBlob = define({
  name: "bk.blob",
  doc: "One blob of an image's repository or of an OCI layout, as a file.",
  params: [
    { name: "ref", kind: filled, doc: "A repository and the digest of the blob: `alpine@sha256:…`." },
    { name: "opts", kind: optional(blobOptions) },
  ],
  returns,
  example: `local digest = "sha256:${"a".repeat(64)}"\nbk.export(bk.blob("ghcr.io/me/data@" .. digest, {filename = "data.bin"}))`,
  run: (call, reference, given = {}) => {
    const layout = given.oci_layout;
    return blob(
      layout === undefined ? blobReference(reference) : reference,
      { filename: given.filename, chmod: given.chmod, uid: given.uid, gid: given.gid, ociLayout: layout },
      contextOf(call),
    );
  },
});

function blobReference(reference: string): string {
  const parsed = parseReference(reference);
  if (parsed.digest !== undefined) return formatReference(parsed);
  throw new LuakitError("script.argument", `"${reference}" has no digest`, {
    hint: 'write the digest of the blob: "alpine@sha256:…"',
  });
}
