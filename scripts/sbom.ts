import { createHash } from "node:crypto";
import { runtimePackages } from "./contents/bun-component.ts";
import { type Component, flatten } from "./contents/component.ts";
import { chosenLicense } from "./contents/license-names.ts";
import { luakitComponent } from "./contents/luakit-component.ts";

interface Relationship {
  readonly spdxElementId: string;
  readonly relationshipType: "DESCRIBES" | "CONTAINS" | "VARIANT_OF";
  readonly relatedSpdxElement: string;
}

/** What is in the executables of a version, as an SPDX 2.3 document in JSON. The same sources give the same bytes. */
export async function renderSbom(version: string): Promise<string> {
  const luakit = await luakitComponent(version);
  const runtimes = runtimePackages();
  const bun = luakit.contains.find(({ name }) => name === "Bun");
  const relationships: readonly Relationship[] = [
    { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: idOf(luakit) },
    ...containments(luakit),
    ...runtimes.map((runtime) => variant(runtime, bun ?? luakit)),
  ];
  const body = { packages: [...flatten(luakit), ...runtimes].map(describe), relationships };
  const created = commitTime();
  const hash = createHash("sha256").update(created).update(JSON.stringify(body)).digest("hex").slice(0, 16);
  const document = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `luakit-${version}`,
    documentNamespace: `${luakit.homepage}/sbom/luakit-${version}-${hash}`,
    creationInfo: { created, creators: ["Organization: luakit", `Tool: luakit-sbom-${version}`] },
    ...body,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** SOURCE_DATE_EPOCH, or the time of the commit: never the time of this run. */
function commitTime(): string {
  const epoch = process.env.SOURCE_DATE_EPOCH ?? Bun.spawnSync(["git", "log", "-1", "--format=%ct"]).stdout.toString();
  const seconds = epoch.trim() === "" ? Number.NaN : Number(epoch);
  if (!Number.isFinite(seconds)) throw new Error("there is neither a commit nor SOURCE_DATE_EPOCH");
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

function describe(component: Component): Record<string, unknown> {
  const { name, version, license, said, homepage, supplier, purl, sha512, comment } = component;
  return {
    name,
    SPDXID: idOf(component),
    ...(version !== undefined && { versionInfo: version }),
    supplier: supplier === undefined ? "NOASSERTION" : `Organization: ${supplier}`,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    ...(sha512 !== undefined && { checksums: [{ algorithm: "SHA512", checksumValue: sha512 }] }),
    ...(homepage !== undefined && { homepage }),
    licenseConcluded: license === undefined ? "NOASSERTION" : chosenLicense(license),
    licenseDeclared: license ?? "NOASSERTION",
    ...(said !== undefined && { licenseComments: `Bun's page on licences says: ${said}` }),
    copyrightText: "NOASSERTION",
    ...(comment !== undefined && { comment }),
    ...(purl !== undefined && {
      externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl }],
    }),
  };
}

function containments(component: Component): readonly Relationship[] {
  return component.contains.flatMap((part) => [
    { spdxElementId: idOf(component), relationshipType: "CONTAINS" as const, relatedSpdxElement: idOf(part) },
    ...containments(part),
  ]);
}

function variant(runtime: Component, of: Component): Relationship {
  return { spdxElementId: idOf(runtime), relationshipType: "VARIANT_OF", relatedSpdxElement: idOf(of) };
}

function idOf({ name }: Component): string {
  return `SPDXRef-${name.replace(/[^A-Za-z0-9.]+/g, "-").replace(/^-/, "")}`;
}
