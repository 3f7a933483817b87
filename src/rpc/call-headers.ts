import type { HeaderList } from "../h2/header-list.ts";
import type { Metadata } from "./metadata.ts";

/** Who asks whom. */
export interface CallParties {
  /** What the daemon is called; it does not look. */
  readonly authority?: string | undefined;
  readonly userAgent?: string | undefined;
}

/** The fields that begin a call. */
export function callHeaders(path: string, parties: CallParties = {}, metadata: Metadata = []): HeaderList {
  return [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", path],
    [":authority", parties.authority ?? "localhost"],
    ["content-type", "application/grpc"],
    ["user-agent", parties.userAgent ?? "luakit"],
    ["te", "trailers"],
    ...metadata,
  ];
}
