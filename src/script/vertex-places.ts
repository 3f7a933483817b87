import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Definition } from "../llb/definition.ts";
import { callersOf, positionOf } from "../llb/location.ts";
import type { Platform } from "../oci/platform.ts";

/** A Definition that was solved, and what for. */
export interface SolvedDefinition {
  readonly definition: Definition;
  /** Absent for what `bk.export` gave. */
  readonly target?: string | undefined;
  readonly platform?: Platform | undefined;
}

/** Where the vertices of a build were made. */
export class VertexPlaces {
  readonly #solved: SolvedDefinition[] = [];

  /** In the order in which they were solved. */
  get solved(): readonly SolvedDefinition[] {
    return this.#solved;
  }

  add(definition: Definition, what: Omit<SolvedDefinition, "definition"> = {}): void {
    this.#solved.push({ definition, ...what });
  }

  /** The error at the line that made a vertex, which its digest names; as it is when that is not known. */
  locate(error: LuakitError, vertex: string): LuakitError {
    const ops = this.#solved.flatMap(({ definition }) => definition.ops);
    const location = ops.find(({ digest }) => digest === vertex)?.locations[0];
    return location === undefined ? error : error.at(positionOf(location), callersOf(location));
  }
}
