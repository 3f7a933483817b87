import { type Place, shortHash } from "./place.ts";

/** Who has a network of its own, at most eight. */
const owners = ["buildkitd", "buildkitd-v0.12", "buildkitd-v0.21", "docker", "moby"] as const;

export type SubnetOwner = (typeof owners)[number];

/** A /24 network below 198.18.0.0/15, which is reserved for tests: always the same, and no two of a testbed meet. */
export function chooseSubnet(place: Place, owner: SubnetOwner): { readonly cidr: string; readonly gateway: string } {
  const block = Number.parseInt(shortHash(place.state), 16) % 64;
  const number = block * 8 + owners.indexOf(owner);
  const prefix = `198.${18 + (number >> 8)}.${number & 255}`;
  return { cidr: `${prefix}.0/24`, gateway: `${prefix}.1/24` };
}
