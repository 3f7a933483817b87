import { expect, test } from "bun:test";
import { join } from "node:path";
import type { FlagContext } from "../../src/client/flag-context.ts";
import { parseOutput } from "../../src/client/output.ts";
import { failureOf } from "../image/failure.ts";
import { complaintOf, inFlagDirectory, nowhere, plain } from "./flags.ts";

function read(text: string, context: FlagContext = nowhere) {
  const output = parseOutput(text, context);
  return output === undefined ? undefined : { ...output, attributes: plain(output.attributes) };
}

const place = (path: string) => join(nowhere.cwd, path);

// Text to exporter, attributes and destination: what buildx and buildctl make of it, with absolute paths.
const rows: readonly (readonly [string, string, Record<string, string>, object])[] = [
  ["out", "local", {}, { kind: "directory", path: place("out"), mode: "copy" }],
  ["./a=b", "local", {}, { kind: "directory", path: place("a=b"), mode: "copy" }],
  ["/abs/out", "local", {}, { kind: "directory", path: "/abs/out", mode: "copy" }],
  ["-", "tar", {}, { kind: "stdout" }],
  ["type=local,dest=x", "local", {}, { kind: "directory", path: place("x"), mode: "copy" }],
  ["TYPE=local,DEST=x", "local", {}, { kind: "directory", path: place("x"), mode: "copy" }],
  ["type=local,dest=x,mode=copy", "local", { mode: "copy" }, { kind: "directory", path: place("x"), mode: "copy" }],
  [
    "type=local,dest=x,mode=delete",
    "local",
    { mode: "delete" },
    { kind: "directory", path: place("x"), mode: "delete" },
  ],
  ["type=local,dest=a=b", "local", {}, { kind: "directory", path: place("a=b"), mode: "copy" }],
  ['type=local,"dest=a,b"', "local", {}, { kind: "directory", path: place("a,b"), mode: "copy" }],
  [
    "type=local,dest=x,platform-split=false,attestation-prefix=p.",
    "local",
    { "platform-split": "false", "attestation-prefix": "p." },
    { kind: "directory", path: place("x"), mode: "copy" },
  ],
  ["type=tar", "tar", {}, { kind: "stdout" }],
  ["type=tar,dest=-", "tar", {}, { kind: "stdout" }],
  ["type=tar,dest=x.tar", "tar", {}, { kind: "file", path: place("x.tar") }],
  ["type=oci", "oci", {}, { kind: "stdout" }],
  ["type=oci,dest=new/x.tar", "oci", {}, { kind: "file", path: place("new/x.tar") }],
  ["type=oci,tar=true,dest=x", "oci", { tar: "true" }, { kind: "file", path: place("x") }],
  ["type=oci,tar=false,dest=x", "oci", { tar: "false" }, { kind: "layout", path: place("x") }],
  ["type=docker,dest=x.tar", "docker", {}, { kind: "file", path: place("x.tar") }],
  ["type=docker,dest=-", "docker", {}, { kind: "stdout" }],
  ["type=docker", "docker", {}, { kind: "stdout", implied: true }],
  ["type=docker,context=remote", "docker", {}, { kind: "load", context: "remote" }],
  ["type=image", "image", {}, { kind: "none" }],
  ["type=image,name=a,push=true", "image", { name: "a", push: "true" }, { kind: "none" }],
  ['type=image,"name=a,b",push=1', "image", { name: "a,b", push: "true" }, { kind: "none" }],
  ["type=image,name=a,push=", "image", { name: "a", push: "true" }, { kind: "none" }],
  ["type=registry,name=a", "image", { name: "a", push: "true", unpack: "false" }, { kind: "none" }],
  ["type=registry,name=a,unpack=true", "image", { name: "a", push: "true", unpack: "true" }, { kind: "none" }],
  [
    "type=image,compression=zstd,compression-level=22,force-compression=",
    "image",
    { compression: "zstd", "compression-level": "22", "force-compression": "true" },
    { kind: "none" },
  ],
  [
    'type=oci,dest=x,"containerimage.config={""os"":""linux"",""architecture"":""amd64""}"',
    "oci",
    { "containerimage.config": '{"os":"linux","architecture":"amd64"}' },
    { kind: "file", path: place("x") },
  ],
  [
    "type=image,annotation.A=1,annotation-index.b=2",
    "image",
    { "annotation.A": "1", "annotation-index.b": "2" },
    { kind: "none" },
  ],
];

for (const [text, type, attributes, destination] of rows) {
  test(`${text} is an output of ${type}`, () => {
    expect<unknown>(read(text)).toEqual({ type, attributes, destination });
  });
}

test("an output that only caches is no exporter", () => {
  expect(read("type=cacheonly")).toBeUndefined();
  expect(read("type=none")).toBeUndefined();
  expect(complaintOf(() => read("type=cacheonly,dest=x"))).toBe('--output: type=cacheonly has no attribute "dest"');
});

test("a docker archive goes to a pipe, and into the Docker Engine where stdout is none", () => {
  for (const stdout of ["terminal", "other"] as const) {
    expect(read("type=docker", { ...nowhere, stdout })?.destination).toEqual({ kind: "load" });
  }
});

const refused: readonly (readonly [string, string])[] = [
  ["", "--output: the value is empty"],
  ["a,b", '--output: "a" is not NAME=VALUE'],
  ["dest=x", "--output: it says no type="],
  ["push=true", "--output: it says no type="],
  ["type=", "--output: it says no type="],
  ["name=a,push=true", "--output: it says no type="],
  ["type=imgae", '--output: there is no type "imgae" (did you mean "image"?)'],
  ["type=moby", '--output: there is no type "moby"'],
  ["type=local", "--output: type=local needs dest=DIR"],
  ["type=local,dest=", '--output: "dest": the value is empty'],
  ["type=local,dest=-", "--output: type=local writes a directory, and dest=- is stdout"],
  ["type=local,dest=x,mode=move", '--output: "mode=move": expected copy or delete'],
  ["type=local,dest=x,name=a", "--output: type=local writes files, which have no image name"],
  ["type=local,dest=x,push=true", '--output: type=local has no attribute "push"'],
  ["type=tar,dest=x,tar=true", '--output: type=tar has no attribute "tar"'],
  ["type=oci,tar=false", "--output: type=oci,tar=false needs dest=DIR"],
  ["type=oci,push=true", "--output: type=oci writes an archive and cannot push"],
  ["type=oci,dest=x,tar=maybe", '--output: "tar=maybe": expected true or false'],
  ["type=image,dest=x", "--output: type=image stays at the daemon and has no dest"],
  ["type=image,output=x", "--output: there is no attribute output"],
  ["type=image,name=a,b", '--output: "b" is not NAME=VALUE'],
  ["type=image,name=a,name=b", '--output: "name" is given twice'],
  ["type=image,pushh=true", '--output: type=image has no attribute "pushh" (did you mean "push"?)'],
  ["type=image,dangling-name-empty-only=true", "danging-name-empty-only"],
  ["type=image,compression=lzma", '--output: "compression=lzma": expected uncompressed, gzip, estargz or zstd'],
  ["type=image,compression-level=10", '--output: "compression-level=10": expected 0 to 9'],
  ["type=image,compression=zstd,compression-level=23", '--output: "compression-level=23": expected 0 to 22'],
  ["type=image,compression=zstd,oci-mediatypes=false", "--output: compression=zstd needs OCI media types"],
  ["type=image,compression=estargz,oci-mediatypes=f", "--output: compression=estargz needs OCI media types"],
  ["type=image,oci-artifact=true,oci-mediatypes=false", "--output: oci-artifact=true needs OCI media types"],
  ["type=image,annotation-layer.a=1", '--output: "annotation-layer.a": "layer" is no level'],
  ["type=image,annotations.a=1", '--output: "annotations.a": it is not annotation'],
  ["type=image,containerimage.config=null", '--output: "containerimage.config=null": expected a JSON object'],
  ["type=docker,dest=x,context=y", "--output: context= names a Docker Engine to load into, and dest= a file"],
];

test.each([...refused])("%s is refused: %s", (text, complaint) => {
  expect(complaintOf(() => read(text))).toContain(complaint);
});

test("no archive goes to a terminal", () => {
  const terminal: FlagContext = { ...nowhere, stdout: "terminal" };
  for (const text of ["-", "type=tar", "type=oci", "type=oci,dest=-", "type=docker,dest=-"]) {
    expect(complaintOf(() => read(text, terminal))).toEndWith("archive is binary and stdout is a terminal");
    expect(failureOf(() => read(text, terminal)).hint).toContain(",dest=FILE");
  }
  expect(read("type=docker,dest=-", { ...nowhere, stdout: "other" })?.destination).toEqual({ kind: "stdout" });
});

test("what is already at the destination must be of its kind", async () => {
  await inFlagDirectory({ file: "x", "dir/inside": "x" }, (context) => {
    expect(read("dir", context)?.destination).toMatchObject({ kind: "directory" });
    expect(read("type=tar,dest=file", context)?.destination).toMatchObject({ kind: "file" });
    expect(complaintOf(() => read("file", context))).toBe(
      '--output: dest "file" is a file, and type=local writes a directory',
    );
    expect(complaintOf(() => read("type=oci,tar=false,dest=file", context))).toContain("is a file");
    expect(complaintOf(() => read("type=tar,dest=dir", context))).toBe(
      '--output: dest "dir" is a directory, and the output is one file',
    );
    expect(complaintOf(() => read("type=oci,dest=new/", context))).toContain("is a directory");
    expect(complaintOf(() => read("type=tar,dest=file/below", context))).toContain(
      "cannot be used: a part of the path is no directory",
    );
  });
});
