import type { Gateway } from "../gateway/gateway.ts";
import type { State } from "../llb/state.ts";
import { epochHint, epochOption, type FrontendOptions } from "./frontend-options.ts";
import { refuseOption } from "./option-value.ts";

type EpochOptions = Pick<FrontendOptions, "epoch" | "buildArguments">;

/**
 * What `SOURCE_DATE_EPOCH=context` means, as for the Dockerfile frontend: the time of a git context's commit, or when a
 * downloaded one last changed. With a directory or an input of the client it means nothing, for the script too.
 */
export async function epochOfContext(
  gateway: Pick<Gateway, "ping" | "sourceTime">,
  { buildArguments }: EpochOptions,
  origin: State | undefined,
): Promise<EpochOptions> {
  const given = [...buildArguments].filter(([name]) => name !== "SOURCE_DATE_EPOCH");
  const op = origin?.output?.vertex.op;
  if (op?.type !== "source") return { epoch: undefined, buildArguments: new Map(given) };
  const isKnown = (await gateway.ping()).gatewayCaps.has("source.metaresolver");
  const epoch = isKnown ? await gateway.sourceTime(op, "[internal] resolve main build context metadata") : undefined;
  if (epoch !== undefined) return { epoch, buildArguments: new Map([...given, ["SOURCE_DATE_EPOCH", String(epoch)]]) };
  const known = "BuildKit v0.30 or newer tells that of git, and of a download whose server sends Last-Modified";
  throw refuseOption(epochOption, "the daemon does not tell the time of this context", `${known}; else ${epochHint}`);
}
