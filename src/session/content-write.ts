import { Content, type WriteContentRequest, type WriteContentResponse } from "../gen/content.ts";
import type { ServerCall } from "../rpc/message-stream.ts";
import { makeStatus, rpcError, statusCode } from "../rpc/status.ts";
import type { Init } from "../wire/codec.ts";
import type { Ingest } from "./content-ingest.ts";
import { type ContentStore, contentCode } from "./content-store.ts";
import { toTimestamp } from "./timestamp.ts";

const action = { stat: 0, write: 1, commit: 2 } as const;

/**
 * Answers a Write call: one response for each request, and the end behind the commit. What was written without one stays
 * for the next call with the same ref.
 */
export function writeContent(call: ServerCall, store: ContentStore, fail: (error: unknown) => void): void {
  let ingest: Ingest | undefined;
  const release = () => {
    if (ingest !== undefined) ingest.busy = false;
  };
  call.start({
    message: (bytes) => {
      try {
        const request = Content.Write.request.decode(bytes);
        ingest ??= openIngest(store, request);
        call.send(Content.Write.response.encode(answer(store, ingest, request)));
        if (request.action === action.commit) call.finish();
      } catch (error) {
        release();
        fail(error);
      }
    },
    end: () => {
      release();
      call.finish();
    },
    cancel: release,
  });
}

function openIngest(store: ContentStore, { ref, total, expected }: WriteContentRequest): Ingest {
  if (ref === "") throw rpcError(makeStatus(statusCode.invalidArgument, "first message must have a reference"));
  const ingest = store.open(ref, expected);
  ingest.total = total;
  ingest.expected = expected;
  return ingest;
}

function answer(store: ContentStore, ingest: Ingest, request: WriteContentRequest): Init<WriteContentResponse> {
  if (request.expected !== "") {
    store.refuseExisting(request.expected, ingest.ref);
    ingest.expected = request.expected;
  }
  if (request.total > 0) ingest.total = request.total;
  if (request.action !== action.stat) append(store, ingest, request);
  const { offset, total, started, updated } = ingest;
  const state = { action: request.action, offset, total, digest: ingest.digest() };
  if (request.action === action.commit) store.commit(ingest, total, ingest.expected);
  return { ...state, started_at: toTimestamp(started), updated_at: toTimestamp(updated) };
}

function append(store: ContentStore, ingest: Ingest, { offset, data }: WriteContentRequest): void {
  if (offset > 0 && offset !== ingest.offset) {
    const message = `write @${offset} must occur at current offset ${ingest.offset}`;
    throw rpcError(makeStatus(contentCode.outOfRange, message));
  }
  if (offset === 0 && ingest.offset > 0) ingest.truncate();
  try {
    ingest.write(data);
  } catch (error) {
    // How much of it is in the file is not known.
    store.abort(ingest.ref);
    throw error;
  }
}
