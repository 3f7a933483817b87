import { type HeaderList, headerValue } from "../h2/header-list.ts";

/** The custom fields of a call; names in lower case, order and repetitions kept. */
export type Metadata = HeaderList;

/** The first value under `name`. */
export function metadataValue(metadata: Metadata, name: string): string | undefined {
  return headerValue(metadata, name);
}

/** All values under `name`, in their order. */
export function metadataValues(metadata: Metadata, name: string): string[] {
  return metadata.flatMap(([key, value]) => (key === name ? [value] : []));
}
