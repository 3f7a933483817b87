/** What finding a daemon may look at of the process and its user. */
export interface HostEnvironment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly home: string;
  /** 0 is root; undefined where users have no numbers. */
  readonly userId: number | undefined;
  readonly groupId?: number | undefined;
  /** As the runtime names operating systems: `linux`, `darwin`. */
  readonly system: string;
}
