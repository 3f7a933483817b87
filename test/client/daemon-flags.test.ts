import { expect, test } from "bun:test";
import { type DaemonFlags, parseDaemonFlags } from "../../src/client/daemon-flags.ts";
import { complaintOf, inFlagDirectory } from "./flags.ts";

const none: DaemonFlags = {
  addr: undefined,
  builder: undefined,
  daemonless: false,
  tlsCaCert: undefined,
  tlsCert: undefined,
  tlsKey: undefined,
  tlsServerName: undefined,
  tlsDir: undefined,
};

const files = { ca: "", cert: "", key: "", "tls/ca.pem": "", "tls/cert.pem": "", "tls/key.pem": "", "half/ca.crt": "" };

const rows: readonly (readonly [Partial<DaemonFlags>, object])[] = [
  [{}, { daemonless: false }],
  [{ addr: "tcp://x:1" }, { address: "tcp://x:1", daemonless: false }],
  [{ builder: "b" }, { builder: "b", daemonless: false }],
  [{ daemonless: true }, { daemonless: true }],
  [{ tlsCaCert: "ca" }, { daemonless: false, tls: { ca: "ca" } }],
  [
    { tlsCaCert: "ca", tlsCert: "cert", tlsKey: "key", tlsServerName: "n" },
    { daemonless: false, tls: { ca: "ca", cert: "cert", key: "key", serverName: "n" } },
  ],
  [{ tlsDir: "tls" }, { daemonless: false, tls: { ca: "tls/ca.pem", cert: "tls/cert.pem", key: "tls/key.pem" } }],
];

test.each([...rows])("%j", async (flags, search) => {
  await inFlagDirectory(files, (context) => {
    const found = JSON.stringify(parseDaemonFlags({ ...none, ...flags }, context)).replaceAll(`${context.cwd}/`, "");
    expect(JSON.parse(found)).toEqual(search);
  });
});

const refused: readonly (readonly [Partial<DaemonFlags>, string])[] = [
  [{ addr: "" }, "--addr: the value is empty"],
  [{ builder: "" }, "--builder: the value is empty"],
  [{ tlsCaCert: "none" }, '--tlscacert: there is no file "none"'],
  [{ tlsCert: "tls", tlsKey: "key" }, '--tlscert: there is no file "tls"'],
  [{ tlsCert: "cert" }, "--tlscert is given without --tlskey"],
  [{ tlsKey: "key" }, "--tlskey is given without --tlscert"],
  [{ tlsDir: "tls", tlsKey: "key", tlsCert: "cert" }, "--tlsdir already names"],
  [{ tlsDir: "half" }, "has no cert.pem or tls.crt"],
];

test.each([...refused])("%j is refused: %s", async (flags, complaint) => {
  await inFlagDirectory(files, (context) => {
    expect(complaintOf(() => parseDaemonFlags({ ...none, ...flags }, context))).toContain(complaint);
  });
});
