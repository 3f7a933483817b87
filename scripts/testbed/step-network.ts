import { join } from "node:path";
import type { Place } from "./place.ts";
import { chooseSubnet, type SubnetOwner } from "./subnet.ts";

/** Where Debian's containernetworking-plugins puts them. */
export const cniPlugins = "/usr/lib/cni";

/** A program whose presence says that the network plugins are installed. */
export const cniProgram = join(cniPlugins, "ptp");

/**
 * The CNI configuration of steps with `network = "sandbox"`: an interface of their own that reaches the host and nothing
 * else, so that sandbox, host and none all look different to a step. ptp needs neither a bridge nor iptables.
 */
export function describeNetwork(place: Place, owner: SubnetOwner): unknown {
  const ipam = {
    type: "host-local",
    subnet: chooseSubnet(place, owner).cidr,
    dataDir: join(place.state, owner, "ipam"),
    routes: [{ dst: "0.0.0.0/0" }],
  };
  return { cniVersion: "0.4.0", name: "luakit", plugins: [{ type: "ptp", ipam }, { type: "loopback" }] };
}
