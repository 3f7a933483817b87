/** What a plain step needs, already sorted. */
export const plainStepCaps: readonly string[] = ["exec.meta.base", "exec.mount.bind"];

/** What a file op needs that has no action of a newer kind. */
export const plainFileCaps: readonly string[] = ["file.base"];
