import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testbed } from "../../support/testbed.ts";
import { isLong } from "../effort.ts";
import type { Random } from "./frame-faults.ts";

const { images } = testbed();
const busybox = `bk.image("${images.busybox}")`;
const plain = "compression=uncompressed,force-compression=true";

/** Bytes that the daemon makes once, and many small files. */
const made = `local made = ${busybox}:run([[
  dd if=/dev/urandom of=/out/large bs=1k count=1500
  mkdir /out/many
  for i in $(seq 100); do echo $i > /out/many/$i; done
  ln -s ../large /out/many/link
]], {mounts = {bk.bind(bk.scratch(), "/out", {readonly = false})}}):mount("/out")\n`;

/** A command whose outcome is known, in a directory of its own. */
export interface Work {
  readonly name: string;
  readonly command: readonly string[];
  readonly script?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Makes what lies beside the script; what is random comes from the case. */
  readonly prepare?: (directory: string, random: Random) => void;
  /** What must be there when it succeeds and, unless it is stdout, must not when it fails. */
  readonly outputs: readonly string[];
  /** Whether stdout has the same bytes each time. */
  readonly hasOutput?: boolean;
  /** What is wrong with what has other bytes each time. */
  readonly check?: (directory: string) => string;
  /** What the first output holds, if not what it does without a fault. */
  readonly expected?: (directory: string) => string;
}

const solve = ["build", "--solve", "--progress=plain"];

const all: readonly Work[] = [
  {
    name: "tar",
    script: `${made}bk.export(made)`,
    command: [...solve, "-o", "type=tar,dest=x.tar", "--metadata-file=meta.json"],
    outputs: ["x.tar"],
  },
  { name: "local", script: `${made}bk.export(made)`, command: [...solve, "-o", "new/out"], outputs: ["new"] },
  {
    name: "oci",
    script: `${made}bk.export(made, {cmd = {"x"}})`,
    command: [...solve, "-o", `type=oci,dest=x.oci,${plain}`, "--iidfile=iid"],
    outputs: ["x.oci"],
  },
  {
    name: "layout and cache",
    script: `${made}bk.export(made)`,
    command: [
      ...solve,
      "-o",
      `type=oci,dest=layout,tar=false,${plain}`,
      "--cache-to",
      `type=local,dest=cache,${plain}`,
    ],
    outputs: ["layout"],
    check: checkCache,
  },
  {
    name: "stdout",
    script: `${made}bk.export(made)`,
    command: [...solve, "-o", "-"],
    outputs: [],
    hasOutput: true,
  },
  {
    name: "context",
    script: 'bk.export(bk.scratch():copy(bk.local_("context"), "/", "/"))',
    command: [...solve, "-c", "context", "-o", "out"],
    prepare: writeContext,
    outputs: ["out"],
    expected: (directory) => fingerprint(directory, "context"),
  },
  {
    name: "secret",
    script: `bk.export(${busybox}:run("cp /run/secrets/x /out/x", {env = {N = os.getenv("N")},
      mounts = {bk.secret("/run/secrets/x", {mode = 292}), bk.bind(bk.scratch(), "/out", {readonly = false})}}):mount("/out"))`,
    command: [...solve, "--secret", "id=x,src=secret", "--build-arg", "N=NUMBER", "-o", "out"],
    prepare: (directory, random) => {
      writeFileSync(join(directory, "secret"), randomBytes(random, random(100_000)));
    },
    outputs: ["out"],
    expected: (directory) => `x: ${fingerprint(directory, "secret")}`,
  },
  {
    name: "frontend",
    script: `bk.export(bk.dockerfile({build_args = {N = "1"}}))`,
    command: [...solve, "-c", "context", "-o", "type=tar,dest=x.tar"],
    prepare: (directory) => {
      mkdirSync(join(directory, "context"));
      writeFileSync(join(directory, "context/Dockerfile"), `FROM scratch\nARG N\nCOPY . /\nLABEL n=$N\n`, {
        mode: 0o644,
      });
    },
    outputs: ["x.tar"],
  },
  { name: "workers", command: ["workers"], outputs: [], hasOutput: true },
  { name: "du", command: ["du", "--format=json"], outputs: [] },
];

/** Its records have times. Blobs must be what they are called, and the index must name one. */
function checkCache(directory: string): string {
  const blobs = join(directory, "cache/blobs/sha256");
  const index = lstatSync(join(directory, "cache/index.json"), { throwIfNoEntry: false });
  if (index === undefined) return "no cache";
  const wrong = readdirSync(blobs).filter(
    (name) =>
      createHash("sha256")
        .update(readFileSync(join(blobs, name)))
        .digest("hex") !== name,
  );
  return wrong.length === 0 ? "a cache" : `a cache with broken blobs ${wrong.join(", ")}`;
}

/** What `npm test` has time for. */
const few = ["tar", "context", "workers"];

export const works: readonly Work[] = isLong ? all : all.filter(({ name }) => few.includes(name));

function writeContext(directory: string, random: Random): void {
  const root = join(directory, "context");
  mkdirSync(root);
  for (let index = random(40); index >= 0; index--) {
    const parent = join(root, `d${random(5)}`);
    mkdirSync(parent, { recursive: true });
    writeFileSync(join(parent, `f${index}`), randomBytes(random, random(4) === 0 ? random(200_000) : random(100)));
  }
}

export function randomBytes(random: Random, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const words = new DataView(bytes.buffer);
  for (let at = 0; at + 4 <= length; at += 4) words.setUint32(at, random(0xffffffff));
  return bytes;
}

/** What a path holds: names, kinds, modes and contents. A single file below a directory stands for the directory. */
export function fingerprint(directory: string, name: string): string {
  const path = join(directory, name);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return "nothing";
  if (stat.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (stat.isFile()) return hash(readFileSync(path));
  return readdirSync(path)
    .toSorted()
    .map((each) => `${each}: ${fingerprint(path, each)}`)
    .join("\n");
}

/** Of all but the time that an exporter notes. */
export function hash(bytes: Uint8Array): string {
  const text = Buffer.from(bytes)
    .toString("latin1")
    .replace(/(image\.created":")[^"]*/g, "$1");
  return `${bytes.length} bytes ${createHash("sha1").update(text, "latin1").digest("hex")}`;
}
