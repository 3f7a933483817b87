/** An OCI platform. `variant` is absent where the architecture has a default one (`arm64` is `v8`). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}
