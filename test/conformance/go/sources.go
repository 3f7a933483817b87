package main

import (
	"github.com/moby/buildkit/client/llb"
	digest "github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

const (
	alpine = "docker.io/library/alpine:3.20"
	sum    = digest.Digest("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	commit = "5665c31fa8b8b1a2b3c4d5e6f708192a3b4c5d6e"
)

func arm(architecture, variant string) llb.ConstraintsOpt {
	return llb.Platform(ocispecs.Platform{OS: "linux", Architecture: architecture, Variant: variant})
}

func sources() map[string]graph {
	return map[string]graph{
		"scratch":                          plain(llb.Scratch()),
		"image":                            plain(llb.Image(alpine)),
		"image, digest":                    plain(llb.Image("docker.io/library/alpine@" + string(sum))),
		"image, tag and digest":            plain(llb.Image(alpine + "@" + string(sum))),
		"image, other registry":            plain(llb.Image("localhost:5000/some/image:v1.0_x")),
		"image, pull":                      plain(llb.Image(alpine, llb.ResolveModeForcePull)),
		"image, local":                     plain(llb.Image(alpine, llb.ResolveModePreferLocal)),
		"image, platform":                  plain(llb.Image(alpine, llb.LinuxArm64)),
		"image, platform with variant":     plain(llb.Image(alpine, arm("arm", "v7"))),
		"image, layer limit":               plain(llb.Image(alpine, llb.WithLayerLimit(3))),
		"image, checksum":                  plain(llb.Image(alpine, llb.WithImageChecksum(sum))),
		"image, everything":                plain(llb.Image(alpine, llb.ResolveModeForcePull, llb.LinuxArm64, llb.WithLayerLimit(1), llb.WithImageChecksum(sum))),
		"image, build platform":            {llb.Image(alpine), []llb.ConstraintsOpt{llb.LinuxS390x}},
		"local":                            plain(llb.Local("context")),
		"local, include":                   plain(llb.Local("context", llb.IncludePatterns([]string{"src", "*.go"}))),
		"local, exclude":                   plain(llb.Local("context", llb.ExcludePatterns([]string{"node_modules", "**/*.<tmp>", "a&b", "é"}))),
		"local, follow paths":              plain(llb.Local("context", llb.FollowPaths([]string{"link", "dir/other"}))),
		"local, shared key hint":           plain(llb.Local("context", llb.SharedKeyHint("hint"))),
		"local, differ none":               plain(llb.Local("context", llb.Differ(llb.DiffNone, true))),
		"local, differ metadata":           plain(llb.Local("context", llb.Differ(llb.DiffMetadata, true))),
		"local, metadata only":             plain(llb.Local("context", llb.MetadataOnlyTransfer(nil))),
		"local, metadata only with except": plain(llb.Local("context", llb.MetadataOnlyTransfer([]string{"go.mod"}))),
		"local, everything": plain(llb.Local("my dir", llb.IncludePatterns([]string{"a"}), llb.ExcludePatterns([]string{"b"}),
			llb.FollowPaths([]string{"c"}), llb.SharedKeyHint("h"), llb.Differ(llb.DiffNone, true))),
		"git":                 plain(llb.Git("https://github.com/moby/buildkit.git", "")),
		"git, ref":            plain(llb.Git("https://github.com/moby/buildkit.git", "v0.12.0")),
		"git, ref and subdir": plain(llb.Git("https://github.com/moby/buildkit.git", "v0.12.0:frontend/dockerfile")),
		"git, only subdir":    plain(llb.Git("https://github.com/moby/buildkit.git", ":/docs/")),
		"git, options":        plain(llb.Git("https://github.com/moby/buildkit.git", "", llb.GitRef("master"), llb.GitSubDir("docs"))),
		"git, no protocol":    plain(llb.Git("github.com/moby/buildkit", "v0.12.0")),
		"git, http and port":  plain(llb.Git("http://git.example.com:8080/a/b.git", "main")),
		"git, git protocol":   plain(llb.Git("git://git.example.com/a/b", "main")),
		"git, upper case":     plain(llb.Git("HTTPS://Git.Example.com/A/B.git", "")),
		"git, user":           plain(llb.Git("https://someone@git.example.com/a/b.git", "")),
		"git, escapes":        plain(llb.Git("https://git.example.com/a%20b/c(d).git", "")),
		"git, needs escapes":  plain(llb.Git("https://git.example.com/a b/é.git", "")),
		"git, untidy path":    plain(llb.Git("https://git.example.com//a/../b.git/", "")),
		"git, scp-like":       plain(llb.Git("git@github.com:moby/buildkit.git", "main", llb.KnownSSHHosts("github.com ssh-ed25519 AAAA"))),
		"git, scp-like, home": plain(llb.Git("me@host:~/repo", "", llb.KnownSSHHosts("host ssh-ed25519 AAAA\n"))),
		"git, ssh":            plain(llb.Git("ssh://git@git.example.com:2222/a/b.git", "", llb.KnownSSHHosts("a"), llb.MountSSHSock("agent"))),
		"git, keep git dir":   plain(llb.Git("https://github.com/moby/buildkit.git", "", llb.KeepGitDir())),
		"git, no submodules":  plain(llb.Git("https://github.com/moby/buildkit.git", "", llb.GitSkipSubmodules())),
		"git, checksum":       plain(llb.Git("https://github.com/moby/buildkit.git", "v0.12.0", llb.GitChecksum(commit))),
		"git, mtime":          plain(llb.Git("https://github.com/moby/buildkit.git", "", llb.GitMTimeCommit())),
		"git, auth token":     plain(llb.Git("https://github.com/moby/buildkit.git", "", llb.AuthTokenSecret("token"))),
		"git, auth header":    plain(llb.Git("https://github.com/moby/buildkit.git", "", llb.AuthHeaderSecret("header"))),
		"http":                plain(llb.HTTP("http://example.com/file.tar.gz")),
		"https":               plain(llb.HTTP("https://example.com/a/b?x=1&y=2")),
		"http, checksum":      plain(llb.HTTP("https://example.com/a", llb.Checksum(sum))),
		"http, filename":      plain(llb.HTTP("https://example.com/a", llb.Filename("b.txt"))),
		"http, chmod":         plain(llb.HTTP("https://example.com/a", llb.Chmod(0755))),
		"http, owner":         plain(llb.HTTP("https://example.com/a", llb.Chown(1000, 1001))),
		"http, only group":    plain(llb.HTTP("https://example.com/a", llb.Chown(0, 5))),
		"http, headers":       plain(llb.HTTP("https://example.com/a", llb.Header(llb.HTTPHeader{Accept: "text/plain", UserAgent: "luakit"}))),
		"http, auth header":   plain(llb.HTTP("https://example.com/a", llb.AuthHeaderSecret("header"))),
		"http, everything":    plain(llb.HTTP("https://example.com/a", llb.Checksum(sum), llb.Filename("b"), llb.Chmod(0600), llb.Chown(1, 2), llb.AuthHeaderSecret("h"))),
		"oci layout":          plain(llb.OCILayout("docker.io/library/base@"+string(sum), llb.OCIStore("", "base"))),
		"oci layout, options": plain(llb.OCILayout("example.com/a/b@"+string(sum), llb.OCIStore("", "store"), llb.OCILayerLimit(2), llb.LinuxArm64)),
		"blob":                plain(llb.ImageBlob("docker.io/library/alpine@" + string(sum))),
		"blob, options":       plain(llb.ImageBlob("example.com/a/b@"+string(sum), llb.Filename("f"), llb.Chmod(0644), llb.Chown(3, 4))),
		"blob, oci layout":    plain(llb.OCILayoutBlob("docker.io/library/base@"+string(sum), llb.ImageBlobOCIStore("", "base"), llb.Filename("f"))),
	}
}
