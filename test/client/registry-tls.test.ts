import { expect, test } from "bun:test";
import { parseRegistryTls } from "../../src/client/registry-tls.ts";
import { complaintOf, inFlagDirectory } from "./flags.ts";

const files = { ca: "", cert: "", key: "" };

test.each([
  ["host=a,ca=ca", { host: "a", insecure: false, ca: "ca" }],
  ["host=a:5000,cert=cert,key=key", { host: "a:5000", insecure: false, cert: "cert", key: "key" }],
  ["HOST=a,CA=ca,cert=cert,key=key,insecure=f", { host: "a", insecure: false, ca: "ca", cert: "cert", key: "key" }],
  ["host=https://a:5000/v2/,insecure=1", { host: "a:5000", insecure: true }],
  ["host=docker.io,insecure=true", { host: "registry-1.docker.io", insecure: true }],
])("%s", async (value, wanted) => {
  await inFlagDirectory(files, (context) => {
    const contexts = JSON.stringify(parseRegistryTls([value], context)).replaceAll(`${context.cwd}/`, "");
    expect(JSON.parse(contexts)).toEqual([wanted]);
  });
});

test.each([
  ["ca=ca", "it needs host="],
  ["host=a", '"a" says nothing of TLS'],
  ["host=a,insecure=false", '"a" says nothing of TLS'],
  ["host=a,cert=cert", '"a" has cert= without key='],
  ["host=a,ca=ca,key=key", '"a" has key= without cert='],
  ["host=a,ca=none", '"ca=none": there is no such file'],
  ["host=a,insecure=x", '"insecure=x": expected true or false'],
  ["host=a,cas=ca", 'it has no attribute "cas" (did you mean "ca"?)'],
])("%j is refused: %s", async (value, complaint) => {
  await inFlagDirectory(files, (context) => {
    const message = complaintOf(() => parseRegistryTls([value], context));
    expect(message).toStartWith("--registry-auth-tlscontext: ");
    expect(message).toContain(complaint);
  });
});
