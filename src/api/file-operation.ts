import { LuakitError } from "../diagnostic/luakit-error.ts";
import { type FileAction, fileOp } from "../llb/file.ts";
import type { Arguments, Parameter } from "../lua/function.ts";
import { type ApiFunction, contextOf, define } from "./define.ts";
import { type FileCollection, filesHandle, stateHandle } from "./handles.ts";

export interface FileOperation<P extends readonly Parameter[]> {
  readonly name: string;
  readonly doc: string;
  readonly params: P;
  /** A call of it, from its name on: `mkdir("/app")`. */
  readonly example: string;
  readonly actions: (...args: Arguments<P>) => readonly FileAction[];
}

/** Two functions of one operation: a method of State, which makes an op, and one of Files, which collects. */
export function defineFileOperation<const P extends readonly Parameter[]>(
  operation: FileOperation<P>,
): readonly ApiFunction[] {
  const { name, doc, params, example, actions } = operation;
  return [
    define({
      name: `state:${name}`,
      doc,
      self: stateHandle,
      params,
      returns: { type: "State", handle: stateHandle },
      example: `bk.export(bk.image("alpine"):${example})`,
      run: (call, ...args: Arguments<P>) => fileOp(call.self, actions(...args), contextOf(call)),
    }),
    define({
      name: `files:${name}`,
      doc,
      self: filesHandle,
      params,
      returns: { type: "Files", handle: filesHandle },
      example: `bk.export(bk.image("alpine"):files(function(f) f:${example} end))`,
      run: (call, ...args: Arguments<P>) => collect(call.self, actions(...args)),
    }),
  ];
}

function collect(files: FileCollection, actions: readonly FileAction[]): FileCollection {
  if (!files.open) throw new LuakitError("script.argument", "the function of state:files has returned already");
  files.actions.push(...actions);
  return files;
}
