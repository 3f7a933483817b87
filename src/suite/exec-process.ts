import { newId } from "../client/id.ts";
import { LuakitError } from "../diagnostic/luakit-error.ts";
import { ExecMessage, LLBBridge } from "../gen/gateway.ts";
import type { Channel } from "../rpc/channel.ts";
import type { Metadata } from "../rpc/metadata.ts";
import { receiveMessages } from "../rpc/receive-messages.ts";
import type { RunOutcome, RunRequest } from "./question.ts";

/** A build at the daemon that files and programs belong to. */
export interface BuildCall {
  readonly channel: Channel;
  readonly metadata: Metadata;
  readonly signal: AbortSignal;
}

/** Runs a program on a result, in a container that is gone afterwards. */
export async function execProcess(build: BuildCall, reference: string, request: RunRequest): Promise<RunOutcome> {
  const { channel, metadata, signal } = build;
  const ContainerID = newId();
  const root = { dest: "/", resultID: reference, input: -1, output: 0 };
  await channel.unary(LLBBridge.NewContainer, { ContainerID, Mounts: [root], Network: 0 }, { metadata, signal });
  try {
    return await runProcess(build, ContainerID, request);
  } finally {
    await channel.unary(LLBBridge.ReleaseContainer, { ContainerID }, { metadata, signal }).catch(() => undefined);
  }
}

async function runProcess(build: BuildCall, ContainerID: string, request: RunRequest): Promise<RunOutcome> {
  const { channel, metadata, signal } = build;
  const ProcessID = newId();
  const call = channel.open(LLBBridge.ExecProcess.path, { metadata, signal });
  const send = (message: Parameters<typeof ExecMessage.encode>[0]) => call.send(ExecMessage.encode(message));
  const messages = receiveMessages(call, signal);
  const env = [...request.env].map(([name, value]) => `${name}=${value}`);
  const meta = { args: [...request.args], cwd: request.cwd ?? "/", user: request.user ?? "", env };
  send({ ProcessID, Init: { ContainerID, Meta: meta, Fds: [0, 1, 2], Tty: false, Security: 0 } });
  const written = { 1: [] as Uint8Array[], 2: [] as Uint8Array[] };
  let code: number | undefined;
  for await (const bytes of messages) {
    const message = ExecMessage.decode(bytes);
    if (message.Started !== undefined) {
      if (request.stdin !== undefined) send({ ProcessID, File: { Fd: 0, EOF: false, Data: request.stdin } });
      send({ ProcessID, File: { Fd: 0, EOF: true, Data: new Uint8Array() } });
    }
    const { File: file, Exit: exit } = message;
    if (file !== undefined && (file.Fd === 1 || file.Fd === 2)) written[file.Fd].push(file.Data);
    if (exit !== undefined) code = exitCode(exit, request);
    if (message.Done !== undefined) break;
  }
  if (code === undefined) throw new LuakitError("build.failed", "the program ended without telling its exit code");
  return { code, stdout: Buffer.concat(written[1]), stderr: Buffer.concat(written[2]) };
}

/** A daemon tells of every code but 0 as an error, and of a program that could not be started with 255. */
function exitCode({ Code, Error: error }: NonNullable<ExecMessage["Exit"]>, { args }: RunRequest): number {
  if (error === undefined || /exit code: \d+/.test(error.message)) return Code;
  throw new LuakitError("build.failed", `"${args[0]}" could not be run: ${error.message}`);
}
