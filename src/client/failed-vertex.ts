import type { StatusResponse } from "../gen/control.ts";

/** Finds the vertex that a build failed of in what progress said, for daemons whose errors are text and no more. */
export class FailedVertices {
  readonly #errors = new Map<string, string>();

  see(status: StatusResponse): void {
    for (const { digest, error } of status.vertexes) if (error !== "") this.#errors.set(digest, error);
  }

  /** Digest of the vertex whose error a build's error tells. */
  find(message: string): string | undefined {
    for (const [digest, error] of this.#errors) if (message.includes(error)) return digest;
    return undefined;
  }
}
