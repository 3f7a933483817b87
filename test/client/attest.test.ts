import { expect, test } from "bun:test";
import { type AttestFlags, parseAttestations } from "../../src/client/attest.ts";
import { complaintOf, plain } from "./flags.ts";

const read = (flags: Partial<AttestFlags>) =>
  plain(parseAttestations({ attest: [], sbom: undefined, provenance: undefined, ...flags }));

const rows: readonly (readonly [Partial<AttestFlags>, Record<string, string>])[] = [
  [{}, {}],
  [{ sbom: "true" }, { sbom: "" }],
  [{ sbom: "1" }, { sbom: "" }],
  [{ sbom: "false" }, {}],
  [{ provenance: "true" }, { provenance: "" }],
  [{ provenance: "False" }, {}],
  [{ provenance: "mode=max" }, { provenance: "mode=max" }],
  [{ provenance: "mode=min,inline-only=t,version=v0.2" }, { provenance: "mode=min,inline-only=true,version=v0.2" }],
  [{ provenance: "MODE=full" }, { provenance: "mode=full" }],
  [{ sbom: "generator=reg/scan:1" }, { sbom: "generator=reg/scan:1" }],
  [{ sbom: 'generator=scan,"SELECT=a,b"' }, { sbom: 'generator=scan,"SELECT=a,b"' }],
  [{ sbom: "disabled=true" }, {}],
  [{ sbom: "disabled=false" }, { sbom: "" }],
  [{ attest: ["type=sbom"] }, { sbom: "" }],
  [{ attest: ["TYPE=sbom,Generator=x,KeepCase=1"] }, { sbom: "generator=x,KeepCase=1" }],
  [{ attest: ["type=provenance,disabled=true"] }, {}],
  [
    { attest: ["type=provenance,mode=max,builder-id=https://ci/1,reproducible=true,filename=p.json,capture-usage=0"] },
    { provenance: "mode=max,builder-id=https://ci/1,reproducible=true,filename=p.json,capture-usage=false" },
  ],
  [
    { attest: ["type=sbom"], provenance: "mode=max" },
    { sbom: "", provenance: "mode=max" },
  ],
  [{ provenance: "complete-materials=true" }, { provenance: "complete-materials=true" }],
];

for (const [flags, attestations] of rows) {
  test(`${JSON.stringify(flags)} is ${JSON.stringify(attestations)}`, () => {
    expect(read(flags)).toEqual(attestations);
  });
}

const refused: readonly (readonly [Partial<AttestFlags>, string])[] = [
  [{ sbom: "" }, '--sbom: "" is not known'],
  [{ sbom: "yes" }, '--sbom: "yes" is not known'],
  [{ provenance: "max" }, '--provenance: "max" is not known'],
  [{ provenance: "mode=all" }, '"mode=all": expected min, max or full'],
  [{ provenance: "version=v2" }, '"version=v2": expected v1 or v0.2'],
  [{ provenance: "inline-only=x" }, "expected true or false"],
  [{ provenance: "modes=max" }, 'provenance has no attribute "modes" (did you mean "mode"?)'],
  [{ provenance: "generator=x" }, 'provenance has no attribute "generator"'],
  [{ provenance: "type=sbom" }, '--provenance: there is no type "sbom"'],
  [{ sbom: "generator=" }, "the image name is empty"],
  [{ sbom: "generator=A B" }, "is not an image name"],
  [{ sbom: "genrator=x" }, 'sbom has no attribute "genrator" (did you mean "generator"?)'],
  [{ sbom: "mode=max" }, '"mode" is of provenance and not of sbom'],
  [{ sbom: "a-b=x" }, '"a-b" cannot be the name of a scanner\'s setting'],
  [{ attest: ["generator=x"] }, "--attest: it says no type="],
  [{ attest: ["type=spdx"] }, '--attest: there is no type "spdx"'],
  [{ attest: ["type=sbom,x"] }, '"x" is not NAME=VALUE'],
  [{ attest: ["type=sbom,disabled=x"] }, "expected true or false"],
  [{ attest: ["type=sbom"], sbom: "true" }, "--sbom: sbom is asked for twice"],
  [{ attest: ["type=sbom", "type=sbom,generator=x"] }, "--attest: sbom is asked for twice"],
];

test.each([...refused])("%j is refused: %s", (flags, complaint) => {
  expect(complaintOf(() => read(flags))).toContain(complaint);
});
