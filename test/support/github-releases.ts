import { writeFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { githubCertificate } from "./github-certificate.ts";
import { openGithubTunnel } from "./github-tunnel.ts";
import { ownRelease } from "./release-folder.ts";
import { openReleaseServer } from "./release-server.ts";

/**
 * Variables with which curl and wget find a release of the executable that tests run under GitHub's own addresses, over TLS:
 * a proxy leads them to a server on loopback. `directory` is for files; the servers end with `stack`.
 */
export async function releaseVariables(
  directory: string,
  stack: AsyncDisposableStack,
): Promise<Readonly<Record<string, string>>> {
  const { version } = packageJson;
  const releases = { [version]: await ownRelease() };
  const server = stack.use(openReleaseServer({ releases, latest: version, tls: true }));
  const { url } = stack.use(await openGithubTunnel(server.port));
  const ca = join(directory, "github-ca.pem");
  const wgetrc = join(directory, "wgetrc");
  writeFileSync(ca, githubCertificate.ca);
  writeFileSync(wgetrc, `ca_certificate = ${ca}\n`);
  return { https_proxy: url, no_proxy: "127.0.0.1,localhost", CURL_CA_BUNDLE: ca, WGETRC: wgetrc };
}
