/** The first BuildKit that knows a capability; those of before v0.9 are left out, as no daemon lacks them. */
const firstVersions: ReadonlyMap<string, string> = new Map([
  ["source.local.differ", "v0.9"],
  ["source.git.subdir", "v0.9"],
  ["file.copy.includeexcludepatterns", "v0.9"],
  ["exec.meta.cgroup.parent", "v0.10"],
  ["exec.meta.ulimit", "v0.10"],
  ["exec.mount.tmpfs.size", "v0.10"],
  ["exec.secretenv", "v0.10"],
  ["mergeop", "v0.10"],
  ["diffop", "v0.10"],
  ["source.image.layerlimit", "v0.11"],
  ["source.ocilayout", "v0.11"],
  ["exec.mount.cache.content", "v0.13"],
  ["special bits in the mode of a copy", "v0.13"],
  ["file.copy.alwaysreplaceexistingdestpaths", "v0.14"],
  ["exec.validexitcode", "v0.17"],
  ["file.copy.modestring", "v0.17"],
  ["file.symlink.create", "v0.19"],
  ["exec.meta.cdi", "v0.20"],
  ["source.local.metadatatransfer", "v0.21"],
  ["source.http.auth", "v0.21"],
  ["source.http.header", "v0.21"],
  ["source.git.checksum", "v0.22"],
  ["source.git.skipsubmodules", "v0.24"],
  ["source.image.checksum", "v0.25"],
  ["file.copy.requiredpaths", "v0.26"],
  ["source.imageblob", "v0.28"],
  ["source.git.mtime", "v0.29"],
  ["source.git.fetchbycommit", "v0.30"],
  ["exec.meta.linux.resources", "v0.31"],
]);

/** Advice for who has a daemon without a capability. Docker Engines with a graphdriver never merge. */
export function adviseNewer(cap: string): string {
  const version = firstVersions.get(cap);
  if (version === undefined) return "a newer BuildKit has it";
  const graphdriver =
    cap === "mergeop" || cap === "diffop" ? ", and a Docker Engine whose images are in containerd" : "";
  return `BuildKit ${version} or newer has it${graphdriver}`;
}
