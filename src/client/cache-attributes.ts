import {
  boolean,
  choice,
  credential,
  digest,
  duration,
  flag,
  integer,
  positive,
  reference,
  someText,
  text,
  url,
} from "./attribute-checks.ts";
import type { AttributeTable } from "./attributes.ts";
import { compression } from "./compression.ts";

/** Where a cache is kept. */
export type CacheType = "registry" | "inline" | "local" | "gha" | "s3" | "azblob";

export const cacheTypes: readonly CacheType[] = ["registry", "inline", "local", "gha", "s3", "azblob"];

/** What every export may say. */
const exported: AttributeTable = { mode: choice("min", "max"), "ignore-error": boolean };

/** Of caches whose layers are written by the daemon as an image. */
const media: AttributeTable = {
  compression,
  "compression-level": integer,
  "force-compression": flag,
  "oci-mediatypes": boolean,
  "image-manifest": boolean,
};

const registry: AttributeTable = { ref: reference, "registry.insecure": boolean };

const github: AttributeTable = {
  scope: someText,
  token: credential,
  url,
  url_v2: url,
  version: choice("1", "2"),
  timeout: duration,
  repository: someText,
  ghtoken: credential,
};

const s3: AttributeTable = {
  bucket: someText,
  region: someText,
  prefix: text,
  manifests_prefix: text,
  blobs_prefix: text,
  name: someText,
  touch_refresh: duration,
  endpoint_url: url,
  access_key_id: credential,
  secret_access_key: credential,
  session_token: credential,
  use_path_style: boolean,
  upload_parallelism: positive,
  disable_accept_encoding: boolean,
  retry_mode: choice("standard", "adaptive"),
  retry_max_attempts: positive,
};

const azblob: AttributeTable = {
  account_url: url,
  account_name: someText,
  container: someText,
  prefix: text,
  manifests_prefix: text,
  blobs_prefix: text,
  name: someText,
  secret_access_key: credential,
};

export const exportAttributes: Readonly<Record<CacheType, AttributeTable>> = {
  registry: { ...registry, ...media, ...exported },
  inline: exported,
  local: { dest: someText, tag: someText, reset: boolean, ...media, ...exported },
  gha: { ...github, ...exported },
  s3: { ...s3, ...exported },
  azblob: { ...azblob, ...exported },
};

export const importAttributes: Readonly<Record<Exclude<CacheType, "inline">, AttributeTable>> = {
  registry,
  local: { src: someText, tag: someText, digest },
  gha: github,
  s3,
  azblob,
};
