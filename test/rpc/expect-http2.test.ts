import { describe, expect, test } from "bun:test";
import { expectHttp2 } from "../../src/rpc/expect-http2.ts";

const address = { scheme: "tcp", host: "build.test", port: 22 } as const;
const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const judge = (text: string) => expectHttp2(address).judgeFirst?.(bytesOf(text));

describe("a peer is judged by its first bytes:", () => {
  test.each([
    ["an empty SETTINGS frame", "\0\0\0\x04\0\0\0\0\0"],
    ["one with settings", "\0\0\x0c\x04\0\0\0\0\0\0\x03\0\0\0\x64"],
    ["the beginning of one", "\0\0"],
  ])("%s is HTTP/2", (_, text) => {
    expect(judge(text)).toBeUndefined();
  });

  test.each([
    ["SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", 'it says "SSH-2.0-OpenSSH_9.2p1 Debian-2", so it is no BuildKit daemon'],
    ["220 mail.test ESMTP\n250 more", 'it says "220 mail.test ESMTP", so it is no BuildKit daemon'],
    [`${"x".repeat(70)}\n`, `it says "${"x".repeat(60)}", so it is no BuildKit daemon`],
    ["J\0\0\0\n8.0.36\0", "it does not speak HTTP/2, so it is no BuildKit daemon"],
    ["\0\0\x08\x06\0\0\0\0\0", "it does not speak HTTP/2, so it is no BuildKit daemon"],
    ["HTTP/1.1 400 Bad Request\r\n", "it speaks HTTP/1.1, so it is no BuildKit daemon"],
    ["\x15\x03\x03", "it wants TLS"],
  ])("%j is not", (text, reason) => {
    expect(judge(text)).toMatchObject({
      code: "daemon.unreachable",
      message: `cannot connect to tcp://build.test:22: ${reason}`,
    });
  });
});
