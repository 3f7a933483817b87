import { Auth } from "../gen/filesync.ts";
import type { Progress } from "../progress/progress.ts";
import { lateService, type Service } from "../rpc/server.ts";
import type { AuthRecord } from "../session/auth-refusal.ts";
import type { RegistryTls } from "../session/auth-tls.ts";
import type { ContentStore } from "../session/content-store.ts";
import { parseBoolean } from "./attribute-checks.ts";
import type { BuildRequest } from "./build-request.ts";
import { dockerConfigDirectory } from "./docker-context.ts";
import type { HostEnvironment } from "./host-environment.ts";

export interface ServiceOptions {
  readonly host: HostEnvironment;
  readonly authRecord: AuthRecord;
  readonly files: Service;
  readonly stores: ReadonlyMap<string, ContentStore>;
  readonly progress: Pick<Progress, "clientVertex">;
  readonly signal: AbortSignal;
}

/** What a build lets the daemon ask of us, but for its outputs. What is not asked for is not even loaded. */
export async function sessionServices(request: BuildRequest, options: ServiceOptions): Promise<readonly Service[]> {
  const { stores } = options;
  const services: Service[] = [await authService(request, options), options.files];
  if (stores.size > 0) services.push((await import("../session/content.ts")).content(stores));
  if (request.secrets.length > 0) services.push((await import("../session/secrets.ts")).secrets(request.secrets));
  if (request.ssh.length > 0) services.push(await (await import("../session/ssh.ts")).ssh(request.ssh));
  return services;
}

/** Other frontends look for their file in the local `dockerfile`: it is the context unless another one is given. */
export function withDockerfile(locals: BuildRequest["locals"]): BuildRequest["locals"] {
  const context = locals.find(({ name }) => name === "context");
  if (context === undefined || locals.some(({ name }) => name === "dockerfile")) return locals;
  return [...locals, { name: "dockerfile", path: context.path }];
}

/** Most builds are never asked for a login. */
async function authService(request: BuildRequest, options: ServiceOptions): Promise<Service> {
  const { registryTls } = request;
  const tls =
    registryTls.length === 0 ? undefined : (await import("../session/auth-tls.ts")).readRegistryTls(registryTls);
  const paths = Object.values(Auth).map(({ path }) => path);
  return lateService(paths, () => openAuth(options, tls));
}

async function openAuth(
  { host, authRecord, progress, signal }: ServiceOptions,
  tls: RegistryTls | undefined,
): Promise<Service> {
  const [{ auth }, { openDockerConfig }] = await Promise.all([
    import("../session/auth.ts"),
    import("../image/docker-config.ts"),
  ]);
  const configDir = dockerConfigDirectory(host);
  const { variables } = host;
  return auth({
    credentials: openDockerConfig({ configDir, variables, signal }),
    configDir,
    userAgent: "luakit",
    clientTokens: parseBoolean(variables.BUILDKIT_NO_CLIENT_TOKEN ?? "") !== true,
    tls,
    record: authRecord,
    onActivity: (name) => progress.clientVertex(name).done(),
  });
}
