import { Content, ListContentResponse } from "../gen/content.ts";
import type { ServerCall } from "../rpc/message-stream.ts";
import { type Metadata, metadataValue } from "../rpc/metadata.ts";
import { type Handler, type Service, unary } from "../rpc/server.ts";
import { makeStatus, rpcError, statusCode, statusOf } from "../rpc/status.ts";
import type { Ingest } from "./content-ingest.ts";
import { readContent } from "./content-read.ts";
import type { Blob, ContentStore } from "./content-store.ts";
import { writeContent } from "./content-write.ts";
import { toTimestamp } from "./timestamp.ts";

/** Stores by the id that the daemon asks for: `oci:NAME`, `local:PATH` as the cache's attributes have it, `export`. */
export type ContentStores = ReadonlyMap<string, ContentStore>;

const storeKey = "buildkit-attachable-store-id";
const infosPerMessage = 100;

/**
 * `containerd.services.content.v1.Content`. Labels are not kept, filters not looked at, and nothing is deleted: no daemon
 * needs these of a client.
 */
export function content(stores: ContentStores): Service {
  return [
    unary(Content.Info, ({ digest }, { metadata }) => ({ info: toInfo(choose(stores, metadata).get(digest)) })),
    unary(Content.Update, ({ info }, { metadata }) => ({
      info: toInfo(choose(stores, metadata).get(info?.digest ?? "")),
    })),
    unary(Content.Status, ({ ref }, { metadata }) => ({ status: toStatus(needIngest(choose(stores, metadata), ref)) })),
    unary(Content.ListStatuses, (_, { metadata }) => ({
      statuses: [...choose(stores, metadata).ingests].map(toStatus),
    })),
    unary(Content.Abort, ({ ref }, { metadata }) => {
      const store = choose(stores, metadata);
      needIngest(store, ref);
      store.abort(ref);
      return {};
    }),
    [Content.List.path, onStore(stores, listContent)],
    [Content.Read.path, onStore(stores, readContent)],
    [Content.Write.path, onStore(stores, writeContent)],
  ];
}

type StoreHandler = (call: ServerCall, store: ContentStore, fail: (error: unknown) => void) => void;

function onStore(stores: ContentStores, handle: StoreHandler): Handler {
  return (call) => {
    const fail = (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      call.finish(statusOf(error) ?? makeStatus(statusCode.unknown, message));
    };
    handle(call, choose(stores, call.metadata), fail);
  };
}

function choose(stores: ContentStores, metadata: Metadata): ContentStore {
  const id = metadataValue(metadata, storeKey);
  if (id === undefined) throw rpcError(makeStatus(statusCode.invalidArgument, `request lacks metadata "${storeKey}"`));
  const store = stores.get(id);
  if (store === undefined) throw rpcError(makeStatus(statusCode.notFound, `unknown store ${id}`));
  return store;
}

function needIngest(store: ContentStore, ref: string): Ingest {
  const ingest = store.ingest(ref);
  if (ingest === undefined) throw rpcError(makeStatus(statusCode.notFound, `ref ${ref}: not found`));
  return ingest;
}

function listContent(call: ServerCall, store: ContentStore): void {
  const infos = [...store.list()].map(toInfo);
  for (let at = 0; at < infos.length; at += infosPerMessage) {
    call.send(ListContentResponse.encode({ info: infos.slice(at, at + infosPerMessage) }));
  }
  call.finish();
}

function toInfo({ digest, size, modified }: Blob) {
  const time = toTimestamp(modified);
  return { digest, size, created_at: time, updated_at: time };
}

function toStatus({ ref, offset, total, expected, started, updated }: Ingest) {
  return { ref, offset, total, expected, started_at: toTimestamp(started), updated_at: toTimestamp(updated) };
}
