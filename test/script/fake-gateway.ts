import type { DaemonState, Gateway } from "../../src/gateway/gateway.ts";
import type { FrontendSolve, GatewayResult } from "../../src/gateway/result.ts";
import { Definition } from "../../src/gen/ops.ts";
import { encodeDefinition } from "../../src/llb/encode-definition.ts";
import { marshal } from "../../src/llb/marshal.ts";
import type { State } from "../../src/llb/state.ts";

export interface FakeGatewayOptions {
  /** What a frontend gives; default: nothing of use. */
  readonly frontend?: (request: FrontendSolve) => GatewayResult | Promise<GatewayResult>;
  /** Files by path, in whatever is solved. */
  readonly files?: Readonly<Record<string, string>>;
  readonly gatewayCaps?: readonly string[];
}

export interface FakeGateway extends Gateway {
  /** The calls of frontends, in their order. */
  readonly asked: FrontendSolve[];
  /** The Definitions that were solved. */
  readonly solved: Definition[];
}

/** A daemon that builds nothing. */
export function fakeGateway(options: FakeGatewayOptions = {}): FakeGateway {
  const { files = {}, gatewayCaps = ["reference.output", "frontend.inputs"] } = options;
  const asked: FrontendSolve[] = [];
  const solved: Definition[] = [];
  const unexpected = () => Promise.reject(new Error("not expected"));
  return {
    sessionId: "session",
    asked,
    solved,
    ping: async (): Promise<DaemonState> => ({
      llbCaps: undefined,
      gatewayCaps: new Set(gatewayCaps),
      platform: undefined,
    }),
    solve: async (definition) => {
      solved.push(Definition.decode(definition));
      return resultOf(undefined, { id: `solved ${solved.length}` });
    },
    solveFrontend: async (request) => {
      asked.push(request);
      return (await options.frontend?.(request)) ?? resultOf(undefined);
    },
    readFile: async (_, path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`open ${path}: no such file or directory`);
      return new TextEncoder().encode(text);
    },
    inputs: unexpected,
    resolveImage: unexpected,
    evaluate: unexpected,
    warn: unexpected,
    note: unexpected,
    sourceTime: unexpected,
    finish: unexpected,
    fail: unexpected,
  };
}

/** A state as the result of a frontend, with the config of its image. */
export function resultOf(
  state: State | undefined,
  { id = "made", config }: { readonly id?: string | undefined; readonly config?: object } = {},
): GatewayResult {
  const definition =
    state === undefined
      ? undefined
      : Definition.decode(encodeDefinition(marshal(state, { platform: { os: "linux", architecture: "amd64" } })));
  const metadata =
    config === undefined ? {} : { "containerimage.config": new TextEncoder().encode(JSON.stringify(config)) };
  return { reference: { id, definition }, references: new Map(), metadata };
}
