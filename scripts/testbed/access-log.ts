import { appendFileSync } from "node:fs";

/** One line of an access log, as JSON. */
export interface Access {
  readonly time: string;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export type Handle = (request: Request) => Response | Promise<Response>;

/** Wraps a handler so that every answer is appended to `file` before it is sent. */
export function logAccess(file: string, handle: Handle): Handle {
  return async (request) => {
    const response = await handle(request);
    const { pathname, search } = new URL(request.url);
    const access: Access = {
      time: new Date().toISOString(),
      method: request.method,
      path: pathname + search,
      status: response.status,
      headers: Object.fromEntries(request.headers),
    };
    appendFileSync(file, `${JSON.stringify(access)}\n`);
    return response;
  };
}
