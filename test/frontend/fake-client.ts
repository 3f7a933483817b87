import type { Gateway } from "../../src/gateway/gateway.ts";
import { type Definition, Op, Definition as WireDefinition } from "../../src/gen/ops.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { marshal } from "../../src/llb/marshal.ts";
import type { State } from "../../src/llb/state.ts";
import { makeStatus, rpcError, statusCode } from "../../src/rpc/status.ts";
import { fakeGateway } from "../script/fake-gateway.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

export interface FakeClientOptions {
  /** Files by the identifier of the first source that they are in: `local://context`, `git://host/x.git`. */
  readonly sources?: Readonly<Record<string, Files>>;
  readonly inputs?: Readonly<Record<string, State>>;
  /** The name of files that take their time. */
  readonly slow?: string;
}

export interface FakeClient {
  readonly gateway: Gateway;
  /** `identifier: path` of each file that was read. */
  readonly reads: string[];
  /** The attributes of each source that was solved. */
  readonly solved: { readonly identifier: string; readonly attributes: Readonly<Record<string, string>> }[];
}

export const platform = { os: "linux", architecture: "amd64" };

/** A daemon whose client has only these directories and inputs. */
export function fakeClient({ sources = {}, inputs = {}, slow }: FakeClientOptions = {}): FakeClient {
  const reads: string[] = [];
  const solved: FakeClient["solved"] = [];
  const gateway: Gateway = {
    ...fakeGateway(),
    solve: async (bytes) => {
      const source = WireDefinition.decode(bytes).def.flatMap((each) => Op.decode(each).source ?? [])[0];
      if (source === undefined) throw new Error("a Definition without source");
      solved.push({ identifier: source.identifier, attributes: source.attrs });
      return { reference: { id: source.identifier, definition: undefined }, references: new Map(), metadata: {} };
    },
    readFile: async (reference, path) => {
      reads.push(`${reference}: ${path}`);
      if (path === slow) await Bun.sleep(5);
      const files = sources[reference];
      const name = reference.replace("local://", "");
      if (files === undefined) throw rpcError(makeStatus(statusCode.unknown, `no access allowed to dir "${name}"`));
      const data = files[path];
      if (data === undefined) throw rpcError(makeStatus(statusCode.unknown, `open ${path}: no such file or directory`));
      return typeof data === "string" ? new TextEncoder().encode(data) : data;
    },
    inputs: async () => new Map(Object.entries(inputs).map(([name, state]) => [name, definitionOf(state)])),
  };
  return { gateway, reads, solved };
}

function definitionOf(state: State): Definition {
  return WireDefinition.decode(encodeDefinition(marshal(state, { platform })));
}
