import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** A layer on disk: the gzip blob, and the digest of the tar inside. */
export interface Layer {
  readonly descriptor: Descriptor;
  readonly diffId: string;
  readonly createdBy: string;
}

export interface ImageOptions {
  readonly platform: Platform;
  readonly layers: readonly Layer[];
  /** The config's own `config` object: Env, Cmd, User, ... */
  readonly config: Readonly<Record<string, unknown>>;
}

const oci = "application/vnd.oci.image";
export const mediaTypes = {
  index: `${oci}.index.v1+json`,
  manifest: `${oci}.manifest.v1+json`,
  config: `${oci}.config.v1+json`,
  layer: `${oci}.layer.v1.tar+gzip`,
} as const;

const tagAnnotation = "org.opencontainers.image.ref.name";

/** Images of one layout by their tags. */
export type Tagged = Readonly<Record<string, Descriptor>>;

/** An instant that every image carries, so that images are the same on every machine. */
const created = "2024-01-01T00:00:00Z";

/** An OCI image layout directory that is being written. */
export class Layout {
  constructor(readonly dir: string) {
    mkdirSync(join(dir, "blobs/sha256"), { recursive: true });
  }

  /** `level` is gzip's; what is made for one test only need not be small. */
  writeLayer(tar: Uint8Array, createdBy: string, level: 1 | 6 = 6): Layer {
    const descriptor = this.writeBlob(mediaTypes.layer, Bun.gzipSync(new Uint8Array(tar), { level }));
    return { descriptor, diffId: digestOf(tar), createdBy };
  }

  writeImage({ platform, layers, config }: ImageOptions): Descriptor {
    const configDescriptor = this.writeJson(mediaTypes.config, {
      created,
      ...platform,
      config,
      rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.diffId) },
      history: layers.map((layer) => ({ created, created_by: layer.createdBy })),
    });
    const manifest = this.writeJson(mediaTypes.manifest, {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: configDescriptor,
      layers: layers.map((layer) => layer.descriptor),
    });
    return { ...manifest, platform };
  }

  writeIndex(manifests: readonly Descriptor[]): Descriptor {
    return this.writeJson(mediaTypes.index, { schemaVersion: 2, mediaType: mediaTypes.index, manifests });
  }

  /** Lists the layout's images; without this the directory does not count as written. */
  finish(images: Tagged): void {
    const manifests = Object.entries(images).map(([tag, descriptor]) => ({
      ...descriptor,
      annotations: { [tagAnnotation]: tag },
    }));
    const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
    writeFileSync(join(this.dir, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
    writeFileSync(join(this.dir, "index.json"), JSON.stringify(index));
  }

  writeBlob(mediaType: string, data: Uint8Array): Descriptor {
    const digest = digestOf(data);
    writeFileSync(blobFile(this.dir, digest), data);
    return { mediaType, digest, size: data.length };
  }

  private writeJson(mediaType: string, value: unknown): Descriptor {
    return this.writeBlob(mediaType, new TextEncoder().encode(JSON.stringify(value)));
  }
}

/** The image that a finished layout lists under `tag`. */
export function readImage(dir: string, tag: string): Descriptor {
  const index: { readonly manifests: readonly Descriptor[] } = JSON.parse(
    readFileSync(join(dir, "index.json"), "utf8"),
  );
  const image = index.manifests.find((descriptor) => descriptor.annotations?.[tagAnnotation] === tag);
  if (image === undefined) throw new Error(`${dir} has no image ${tag}`);
  return image;
}

export function readBlob(dir: string, digest: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(blobFile(dir, digest)));
}

export function digestOf(data: Uint8Array): string {
  return `sha256:${createHash("sha256").update(data).digest("hex")}`;
}

function blobFile(dir: string, digest: string): string {
  return join(dir, "blobs", digest.replace(":", "/"));
}
