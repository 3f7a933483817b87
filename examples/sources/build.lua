-- Files from git and from a web server, in one image. A checksum is checked by the daemon: when the branch moves on
-- or the file changes, the build fails instead of using something else.
--
--   luakit build --solve --output out
--
-- Other sources: --build-arg GIT_URL=... --build-arg GIT_COMMIT=... and the same for HTTP_URL and HTTP_SHA256.

local images = bk.arg("IMAGES", { default = "docker.io/library", description = "where base images come from" })
local git_url = bk.arg("GIT_URL", {
  default = "https://github.com/octocat/Hello-World.git",
  description = "repository to clone; #branch may follow",
})
local git_commit = bk.arg("GIT_COMMIT", {
  default = "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d",
  description = "the commit that it must be",
})
local http_url = bk.arg("HTTP_URL", {
  default = "https://raw.githubusercontent.com/octocat/Hello-World/7fd1a60b01f91b314f59955a4e4d4e80d8edf11d/README",
  description = "file to download",
})
local http_sha256 = bk.arg("HTTP_SHA256", {
  default = "03ba204e50d126e4674c005e04d82e84c21366780af1f43bd54a37816b6ab340",
  description = "the SHA-256 that it must have",
})

local repository = bk.git(git_url, { checksum = git_commit })
local download = bk.http(http_url, { checksum = "sha256:" .. http_sha256, filename = "download.txt", chmod = "0644" })

local image = bk.image(images .. "/busybox:1")
  :copy(repository, "/", "/srv/repository", { exclude = { "**/.git*" } })
  :copy(download, "download.txt", "/srv/")

bk.export(image, { workdir = "/srv", cmd = { "ls", "-l" } })
