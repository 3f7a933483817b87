import { LuakitError } from "../../diagnostic/luakit-error.ts";
import { oneOf, refine } from "../../lua/compose.ts";
import type { Kind } from "../../lua/kind.ts";
import { boolean, text } from "../../lua/scalar.ts";
import { list, options } from "../../lua/table.ts";

interface DeviceRequest {
  readonly name: string;
  readonly optional?: boolean;
}

const detailed = options(
  {
    name: { kind: text, doc: 'The device: `"vendor.com/class=name"`.', required: true },
    optional: { kind: boolean, doc: "Go on without it when the daemon does not have it. Default: false." },
  },
  { type: "DeviceRequest" },
);

const device = refine(oneOf(text, detailed), { type: "string|DeviceRequest" }, (value) => {
  const request: DeviceRequest = typeof value === "string" ? { name: value } : value;
  if (/^[A-Za-z0-9][\w.-]*\/[\w.-]+(=[\w.:-]+)?$/.test(request.name)) return request;
  throw new LuakitError("script.option", `"${request.name}" is not a CDI device`, {
    hint: 'write one such as "vendor.com/class=name"',
  });
});

/** CDI devices of the daemon. */
export const devices: Kind<readonly DeviceRequest[]> = list(device);
