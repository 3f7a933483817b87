import type { FileAction } from "../llb/file.ts";
import { customName } from "../llb/metadata.ts";
import type { Vertex } from "../llb/vertex.ts";

/** What a vertex does, as the history of an image says it: its name, else its command or its actions. */
export function describeStep({ op, metadata }: Vertex): string {
  const name = metadata?.description?.get(customName);
  if (name !== undefined) return name;
  if (op.type === "exec") return op.args.join(" ");
  if (op.type === "file") return op.actions.map(describeAction).join(", ");
  return op.type === "source" ? op.identifier : op.type;
}

function describeAction(action: FileAction): string {
  switch (action.type) {
    case "copy":
      return `copy ${action.source} ${action.dest}`;
    case "symlink":
      return `symlink ${action.target} ${action.path}`;
    default:
      return `${action.type} ${action.path}`;
  }
}
