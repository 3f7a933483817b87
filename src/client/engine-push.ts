import { LuakitError } from "../diagnostic/luakit-error.ts";
import type { CredentialSource } from "../image/credentials.ts";
import { openDockerConfig } from "../image/docker-config.ts";
import { formatRepository, parseReference } from "../image/reference.ts";
import type { ClientVertex } from "../progress/client-vertex.ts";
import { dialEngine } from "../rpc/dial-docker.ts";
import { requestEngine } from "../rpc/docker-http.ts";
import type { Daemon } from "./daemon.ts";
import { dockerConfigDirectory } from "./docker-context.ts";
import { EngineMessages } from "./engine-messages.ts";
import type { OutputOptions } from "./open-outputs.ts";

/**
 * Has the Docker Engine push names of an image that it holds, as docker push does, one after the other. Gives the digest
 * of its manifest, when the engine says it. Throws "image.push".
 */
export async function pushImages(
  names: readonly string[],
  { address, tls }: Daemon,
  { host, progress, signal }: OutputOptions,
): Promise<string | undefined> {
  if (address.scheme !== "docker") throw new Error(`${address.scheme} is no Docker Engine`);
  const { variables } = host;
  const credentials = openDockerConfig({ configDir: dockerConfigDirectory(host), variables, signal });
  let digest: string | undefined;
  for (const name of names) {
    const vertex = progress.clientVertex(`pushing ${name}`);
    try {
      const auth = await registryAuth(parseReference(name).domain, credentials);
      const bytes = await dialEngine(address, { tls, variables, signal });
      digest = (await push(bytes, name, { auth, vertex, signal })) ?? digest;
      vertex.done();
    } catch (error) {
      const cause: unknown = signal.aborted ? signal.reason : error;
      vertex.fail(cause instanceof Error ? cause.message : String(cause));
      throw cause;
    }
  }
  return digest;
}

interface PushOptions {
  /** The header of the request. */
  readonly auth: string;
  readonly vertex: ClientVertex;
  readonly signal: AbortSignal;
}

/** Pushes one image and gives the digest that the registry has. */
async function push(
  bytes: Awaited<ReturnType<typeof dialEngine>>,
  name: string,
  { auth, vertex, signal }: PushOptions,
): Promise<string | undefined> {
  const reference = parseReference(name);
  const messages = new EngineMessages(vertex);
  const call = requestEngine(bytes, {
    method: "POST",
    path: `/images/${formatRepository(reference)}/push?tag=${reference.tag ?? ""}`,
    headers: [["X-Registry-Auth", auth]],
    onBody: (piece) => messages.push(piece),
  });
  signal.addEventListener("abort", call.cancel);
  try {
    call.end();
    const { status } = await call.response;
    const error = messages.error ?? (status >= 300 ? (messages.message ?? `it answers ${status}`) : undefined);
    if (error === undefined) return messages.digest;
    const hint = /denied|unauthori[sz]ed|authentication|credentials/i.test(error)
      ? `docker login ${reference.domain}`
      : undefined;
    throw new LuakitError("image.push", `the Docker Engine did not push ${name}: ${error}`, { hint });
  } finally {
    signal.removeEventListener("abort", call.cancel);
  }
}

/** The credentials as the engine wants them. It asks for the header also where there are none. */
async function registryAuth(domain: string, credentials: CredentialSource): Promise<string> {
  const found = await credentials(domain);
  const auth = {
    username: found?.username,
    password: found?.password,
    identitytoken: found?.identityToken,
    registrytoken: found?.registryToken,
    serveraddress: found === undefined ? undefined : domain,
  };
  return Buffer.from(JSON.stringify(auth)).toString("base64url");
}
