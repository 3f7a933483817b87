import type { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Definition } from "../llb/definition.ts";
import { callersOf, positionOf } from "../llb/location.ts";

/** Where the vertices of a build were made. */
export class VertexPlaces {
  readonly #definitions: Definition[] = [];

  add(definition: Definition): void {
    this.#definitions.push(definition);
  }

  /** The error at the line that made a vertex, which its digest names; as it is when that is not known. */
  locate(error: LuakitError, vertex: string): LuakitError {
    const ops = this.#definitions.flatMap((definition) => definition.ops);
    const location = ops.find(({ digest }) => digest === vertex)?.locations[0];
    return location === undefined ? error : error.at(positionOf(location), callersOf(location));
  }
}
