import { say } from "../say.ts";
import { targets as allTargets, findTarget, type Target } from "../targets.ts";
import { type BaseImages, type ImageName, isImageName } from "./image.ts";

/** What a release is asked to be. */
export interface ReleaseArguments {
  readonly targets: readonly Target[];
  readonly directory: string;
  /** Without: no images. */
  readonly bases?: BaseImages;
}

const usage = `npm run release [-- OPTION...] [TARGET...]
Makes the files of a release in dist/release, for all targets when none is named:
  ${allTargets.join(" ")}

  --no-images         no images: they need a BuildKit daemon, which is found as luakit build finds it
  --into dist/DIR     another directory; what it has besides is removed
  --base NAME=IMAGE   another base image for an image: gateway or ci
`;

/** Reads the words after `npm run release --`; a wrong one ends the task. */
export function readArguments(given: readonly string[]): ReleaseArguments {
  const words = given.flatMap((word) => word.split(/^(--\w+)=/).filter((part) => part !== ""));
  const wanted = new Set<Target>();
  const bases = new Map<ImageName, string>();
  let images = true;
  let directory = "dist/release";
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const target = findTarget(word);
    if (word === "--help") {
      process.stdout.write(usage);
      process.exit(0);
    } else if (word === "--no-images") images = false;
    else if (word === "--into") directory = readDirectory(words[++index] ?? "");
    else if (word === "--base") {
      const [name, image] = readBase(words[++index] ?? "");
      bases.set(name, image);
    } else if (target !== undefined) wanted.add(target);
    else misuse(`there is no target ${word}: it is one of ${allTargets.join(", ")}`);
  }
  const targets = wanted.size === 0 ? allTargets : allTargets.filter((target) => wanted.has(target));
  return { targets, directory, ...(images && { bases }) };
}

function readBase(word: string): readonly [ImageName, string] {
  const [name = "", image] = word.split(/=(.*)/s);
  if (!isImageName(name) || image === undefined || image === "")
    return misuse("--base takes gateway=IMAGE or ci=IMAGE");
  return [name, image];
}

/** What is in the directory is removed: it is never one that has something else. */
function readDirectory(word: string): string {
  return /^dist\/[\w-]+$/.test(word) ? word : misuse("--into takes a directory in dist, such as dist/trial");
}

function misuse(what: string): never {
  say(what);
  process.exit(2);
}
