import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { Context } from "../llb/location.ts";
import {
  type Arguments,
  type Call,
  defineFunction,
  type FunctionDefinition,
  type FunctionDescriptor,
  type Parameter,
} from "../lua/function.ts";
import type { Kind } from "../lua/kind.ts";
import type { Evaluation } from "./evaluation.ts";

/** One function of the Lua API. */
export type ApiFunction = FunctionDescriptor<Evaluation>;

/** Describes a function of the Lua API. What `llb` says about a value is told under the option's or argument's name. */
export function define<const P extends readonly Parameter[], Self = undefined>(
  definition: FunctionDefinition<Evaluation, P, Self>,
): ApiFunction {
  const descriptor = defineFunction<Evaluation>()(definition);
  return {
    ...descriptor,
    run: (call, args) => {
      try {
        return definition.run(call as Call<Evaluation, Self>, ...(args as Arguments<P>));
      } catch (error) {
        throw error instanceof LuakitError ? nameSubject(error, descriptor) : error;
      }
    },
  };
}

/** Where the vertex that a call makes comes from. */
export function contextOf(call: Call<Evaluation, unknown>): Context {
  return call.session.contextAt(call.position());
}

function nameSubject(error: LuakitError, { name, params }: ApiFunction): LuakitError {
  const [prefix, subject = ""] = /^(\w+): /.exec(error.message) ?? [];
  if (error.code !== "llb.invalid" || error.position !== undefined || prefix === undefined) return error;
  const rest = error.message.slice(prefix.length);
  const options = { hint: error.hint, cause: error.cause };
  if (name.endsWith(subject)) return new LuakitError(error.code, rest, options);
  if (params.some((param) => param.name === subject)) {
    return new LuakitError(error.code, `argument "${subject}": ${rest}`, options);
  }
  if (!params.some(({ kind }) => hasOption(kind, subject))) return error;
  return new LuakitError(error.code, `option "${subject}": ${rest}`, options);
}

function hasOption(kind: Kind<unknown>, key: string): boolean {
  return Object.hasOwn(kind.fields ?? {}, key) || (kind.parts ?? []).some((part) => hasOption(part, key));
}
