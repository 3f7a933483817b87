import { expect, setDefaultTimeout, test } from "bun:test";
import { build } from "../../src/client/build.ts";
import { FileSync } from "../../src/gen/filesync.ts";
import { parseAddress } from "../../src/rpc/address.ts";
import { openChannel } from "../../src/rpc/channel.ts";
import { dial } from "../../src/rpc/dial.ts";
import { metadataValue } from "../../src/rpc/metadata.ts";
import type { Service } from "../../src/rpc/server.ts";
import { makeStatus, statusCode } from "../../src/rpc/status.ts";
import { fileSync } from "../../src/session/file-sync.ts";
import { inDirectory, unique, writeFiles } from "../support/build.ts";
import { withEngineSocket } from "../support/engine-socket.ts";
import { gatewayImage } from "../support/gateway-image.ts";
import { daemonUnderTest } from "../support/role.ts";

setDefaultTimeout(300_000);

test("a directory that is not there, which the daemon once calls cancelled as it does on a busy machine", () =>
  inDirectory(async (path) => {
    writeFiles(path, { "build.lua": `bk.export(bk.scratch():mkfile("/x", "${unique()}"))` });
    const asked: string[] = [];
    const real = fileSync([{ name: "context", path }]);
    const services: Service = real.map(([method, handle]) => [
      method,
      (call) => {
        const name = metadataValue(call.metadata, "dir-name") ?? "";
        asked.push(name);
        const isFirst = asked.filter((each) => each === name).length === 1;
        if (method !== FileSync.DiffCopy.path || name !== "dockerfile" || !isFirst) handle(call);
        else call.finish(makeStatus(statusCode.cancelled, "context canceled"));
      },
    ]);
    const request = { Frontend: "gateway.v0", FrontendAttrs: { source: await gatewayImage() } };
    await withEngineSocket(daemonUnderTest(), async (addr) => {
      const channel = openChannel(await dial(parseAddress(addr)));
      await build(channel, { request, services: [services], onStatus: () => undefined });
      channel.close();
    });
    expect(asked.filter((name) => name === "dockerfile")).toHaveLength(2);
    expect(asked).toContain("context");
  }));
