import { join, resolve } from "node:path";
import { capture } from "../../scripts/testbed/command.ts";
import { installPrograms, needProgram } from "../../scripts/testbed/debian.ts";
import { locked } from "../../scripts/testbed/lock.ts";
import { findPlace } from "../../scripts/testbed/place.ts";
import { debianPackage } from "./debian-package.ts";

/** What a declarative Jenkinsfile would run. */
export interface Pipeline {
  readonly environment: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly sh?: string;
    readonly archive?: string;
    readonly credentials?: readonly { readonly usernameVariable: string; readonly passwordVariable: string }[];
  }[];
}

/** Reads a Jenkinsfile with the Groovy that Jenkins has; throws for what is no Groovy, and for unknown sections and steps. */
export async function readPipeline(file: string): Promise<Pipeline> {
  const groovy = await debianPackage("groovy", "amd64");
  await locked(findPlace().cache, () => installPrograms({ java: "default-jre-headless" }));
  const archive = join(groovy, "usr/share/groovy/embeddable/groovy-all-2.4.21-indy.jar");
  const reader = resolve(import.meta.dir, "groovy/pipeline.groovy");
  const argv = [needProgram("java"), "-cp", archive, "groovy.ui.GroovyMain", reader, file];
  const { exitCode, stdout, stderr } = await capture(argv);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
