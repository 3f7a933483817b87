import type { LuakitError } from "../diagnostic/luakit-error.ts";
import { describeSystemError } from "../diagnostic/system-error.ts";
import type { ByteStream } from "../h2/byte-stream.ts";
import { findProgram } from "../host/find-program.ts";
import type { CommandAddress, ContainerAddress, KubePodAddress, SshAddress } from "./address.ts";
import { type CommandEnd, startCommand } from "./command-stream.ts";
import { formatAddress } from "./format-address.ts";
import { gone, unreachable } from "./unreachable.ts";

/** Environment of a child process; this process's own when absent. */
export type Variables = Readonly<Record<string, string | undefined>> | undefined;

/** Starts the program that connects its stdio to the daemon. Rejects with "daemon.unreachable" when there is no such program. */
export async function dialCommand(address: CommandAddress, variables: Variables): Promise<ByteStream> {
  return startDialer(commandOf(address), formatAddress(address), variables);
}

/** The same for the HTTP API of a Docker Engine behind ssh. */
export async function dialEngineCommand(address: SshAddress, variables: Variables): Promise<ByteStream> {
  const engine = address.socket === undefined ? [] : [`--host=unix://${address.socket}`];
  const options = ["-o", "ConnectTimeout=30", "-T"];
  const argv = [...sshCommand(address, options), "docker", ...engine, "system", "dial-stdio"];
  return startDialer(argv, formatAddress(address), variables);
}

/** The arguments that BuildKit's own clients use for an address. */
export function commandOf(address: CommandAddress): string[] {
  if (address.scheme === "ssh") {
    const daemon = address.socket === undefined ? [] : ["--addr", `unix://${address.socket}`];
    return [...sshCommand(address, []), "buildctl", ...daemon, "dial-stdio"];
  }
  return [...(address.scheme === "kube-pod" ? kubeCommand(address) : containerCommand(address)), ...dialStdio];
}

const dialStdio = ["buildctl", "dial-stdio"];

function sshCommand({ user, host, port }: SshAddress, options: readonly string[]): string[] {
  const login = user === undefined ? [] : ["-l", user];
  return ["ssh", ...login, ...(port === undefined ? [] : ["-p", String(port)]), ...options, "--", host];
}

function containerCommand(address: ContainerAddress): string[] {
  const { container, context, engine, namespace } = address;
  switch (address.scheme) {
    case "docker-container":
      return [
        "docker",
        ...(context === undefined ? [] : [`--context=${context}`]),
        ...(engine === undefined ? [] : [`--host=${engine}`]),
        ...["exec", "-i", container],
      ];
    case "podman-container":
      return ["podman", "exec", "-i", container];
    case "nerdctl-container":
      return ["nerdctl", "exec", ...(namespace === undefined ? [] : ["--namespace", namespace]), "-i", container];
  }
}

function kubeCommand({ pod, context = "", namespace = "", container = "" }: KubePodAddress): string[] {
  const place = [`--context=${context}`, `--namespace=${namespace}`];
  return ["kubectl", ...place, "exec", `--container=${container}`, "-i", pod, "--"];
}

function startDialer(argv: readonly string[], place: string, variables: Variables): ByteStream {
  const [program = ""] = argv;
  const path = findProgram(program, variables);
  if (path === undefined)
    throw unreachable(place, `the program "${program}" is not on PATH`, { hint: `install ${program}` });
  try {
    // Of all these programs only ssh asks its user questions.
    const detached = program !== "ssh";
    return startCommand([path, ...argv.slice(1)], {
      variables,
      detached,
      explain: (end) => explainEnd(end, program, place),
    });
  } catch (cause) {
    throw unreachable(place, `the program "${program}" cannot be started: ${describeSystemError(cause)}`, { cause });
  }
}

function explainEnd({ exitCode, signal, stderr, received }: CommandEnd, program: string, place: string): LuakitError {
  const how = signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;
  const reason = `${program} ${how}${stderr === "" ? "" : `: ${stderr}`}`;
  return received ? gone(reason) : unreachable(place, reason);
}
