import type { CredentialSource } from "../image/credentials.ts";
import type { Service } from "../rpc/server.ts";
import { auth } from "../session/auth.ts";
import type { AuthRecord } from "../session/auth-refusal.ts";
import { readRegistryTls } from "../session/auth-tls.ts";
import type { BuildRequest } from "./build-request.ts";

export interface ServiceOptions {
  readonly credentials: CredentialSource;
  /** Docker's configuration directory. */
  readonly configDir: string;
  readonly userAgent: string;
  /** False when BUILDKIT_NO_CLIENT_TOKEN says so. */
  readonly clientTokens: boolean;
  readonly authRecord: AuthRecord;
  readonly onActivity?: ((name: string) => void) | undefined;
}

/** What a build lets the daemon ask of us, but for its outputs. What is not asked for is not even loaded. */
export async function sessionServices(request: BuildRequest, options: ServiceOptions): Promise<readonly Service[]> {
  const services: Service[] = [
    auth({ ...options, record: options.authRecord, tls: readRegistryTls(request.registryTls) }),
  ];
  if (request.secrets.length > 0) services.push((await import("../session/secrets.ts")).secrets(request.secrets));
  if (request.ssh.length > 0) services.push(await (await import("../session/ssh.ts")).ssh(request.ssh));
  return services;
}
