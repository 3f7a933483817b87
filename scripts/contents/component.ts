/** One piece of software within an executable. */
export interface Component {
  readonly name: string;
  readonly version?: string | undefined;
  /** An SPDX expression; undefined where all that is known is `said`. */
  readonly license: string | undefined;
  /** The words of the one who says so, where they are not an SPDX expression. */
  readonly said?: string | undefined;
  readonly homepage?: string | undefined;
  readonly supplier?: string | undefined;
  /** A package URL, where it comes from a registry. */
  readonly purl?: string | undefined;
  /** In hexadecimal: the checksum of the registry's archive. */
  readonly sha512?: string | undefined;
  readonly comment?: string | undefined;
  /** The licence text that came with it. */
  readonly text?: string | undefined;
  readonly contains: readonly Component[];
}

/** A component and all that is in it, outermost first. */
export function flatten(component: Component): readonly Component[] {
  return [component, ...component.contains.flatMap(flatten)];
}
