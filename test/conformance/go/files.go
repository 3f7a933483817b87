package main

import (
	"time"

	"github.com/moby/buildkit/client/llb"
)

func copyDefaults() *llb.CopyInfo {
	return &llb.CopyInfo{CopyDirContentsOnly: true, CreateDestPath: true, AllowWildcard: true}
}

func copyWith(change func(*llb.CopyInfo)) *llb.CopyInfo {
	info := copyDefaults()
	change(info)
	return info
}

func on(action *llb.FileAction, ids ...string) graph {
	return plain(llb.Image(alpine).Dir("/w").File(action, withCaps(ids...)))
}

func copied(change func(*llb.CopyInfo), ids ...string) graph {
	return on(llb.Copy(llb.Local("context"), "/a", "/b", copyWith(change)), ids...)
}

func files() map[string]graph {
	base := llb.Image(alpine)
	local := llb.Local("context")
	made := time.Unix(1700000000, 123456789)
	epoch := time.Unix(0, 0)
	return map[string]graph{
		"mkdir":                      on(llb.Mkdir("/d", 0755)),
		"mkdir, options":             on(llb.Mkdir("/d/e", 0700, llb.WithParents(true), llb.WithUIDGID(5, 6), llb.WithCreatedTime(made))),
		"mkdir, on scratch":          plain(llb.Scratch().File(llb.Mkdir("/d", 0755))),
		"mkdir, relative":            on(llb.Mkdir("a/../d/", 0755)),
		"mkdir, mode zero":           on(llb.Mkdir("/d", 0)),
		"mkfile":                     on(llb.Mkfile("/f", 0644, []byte("hello\n"))),
		"mkfile, empty":              on(llb.Mkfile("/f", 0644, nil)),
		"mkfile, binary":             on(llb.Mkfile("f", 0600, []byte{0, 255, 128, 10, 13})),
		"mkfile, large":              on(llb.Mkfile("f", 0600, make([]byte, 70000))),
		"mkfile, options":            on(llb.Mkfile("/f", 0400, []byte("x"), llb.WithUser("app"), llb.WithCreatedTime(epoch))),
		"rm":                         on(llb.Rm("/f")),
		"rm, options":                on(llb.Rm("/f*", llb.WithAllowNotFound(true), llb.WithAllowWildcard(true)), "file.rm.wildcard"),
		"rm, several":                on(llb.Rm("/a").Rm("b").Rm("../c")),
		"symlink":                    on(llb.Symlink("../target", "/link"), "file.symlink.create"),
		"symlink, options":           on(llb.Symlink("/target", "/link", llb.WithUIDGID(1, 2), llb.WithCreatedTime(made)), "file.symlink.create"),
		"owner, name":                on(llb.Mkdir("/d", 0755, llb.WithUser("app"))),
		"owner, names":               on(llb.Mkdir("/d", 0755, llb.WithUser("app:staff"))),
		"owner, id":                  on(llb.Mkdir("/d", 0755, llb.WithUser("1000"))),
		"owner, name and id":         on(llb.Mkdir("/d", 0755, llb.WithUser("app:50"))),
		"owner, root":                on(llb.Mkdir("/d", 0755, llb.WithUser("root:root"))),
		"owner, only group":          on(llb.Mkdir("/d", 0755, llb.ChownOpt{Group: &llb.UserOpt{Name: "staff"}})),
		"copy":                       copied(func(*llb.CopyInfo) {}),
		"copy, nothing on":           on(llb.Copy(local, "/a", "/b")),
		"copy, mode":                 copied(func(i *llb.CopyInfo) { i.Mode = &llb.ChmodOpt{Mode: 0640} }),
		"copy, mode with setuid":     copied(func(i *llb.CopyInfo) { i.Mode = &llb.ChmodOpt{Mode: 04755} }),
		"copy, owner":                on(llb.Copy(local, "/a", "/b", copyDefaults(), llb.WithUser("app:1000"))),
		"copy, follow symlink":       copied(func(i *llb.CopyInfo) { i.FollowSymlinks = true }),
		"copy, the directory itself": copied(func(i *llb.CopyInfo) { i.CopyDirContentsOnly = false }),
		"copy, unpack":               copied(func(i *llb.CopyInfo) { i.AttemptUnpack = true }),
		"copy, no dest path":         copied(func(i *llb.CopyInfo) { i.CreateDestPath = false }),
		"copy, no wildcard":          copied(func(i *llb.CopyInfo) { i.AllowWildcard = false }),
		"copy, empty wildcard":       copied(func(i *llb.CopyInfo) { i.AllowEmptyWildcard = true }),
		"copy, created":              copied(func(i *llb.CopyInfo) { i.CreatedTime = &made }),
		"copy, created at the epoch": copied(func(i *llb.CopyInfo) { i.CreatedTime = &epoch }),
		"copy, include and exclude": copied(func(i *llb.CopyInfo) {
			i.IncludePatterns = []string{"*.go", "z"}
			i.ExcludePatterns = []string{"*_test.go"}
		}, "file.copy.includeexcludepatterns"),
		"copy, always replace":     copied(func(i *llb.CopyInfo) { i.AlwaysReplaceExistingDestPaths = true }, "file.copy.alwaysreplaceexistingdestpaths"),
		"copy, required paths":     copied(func(i *llb.CopyInfo) {
			i.RequiredPaths = []string{"/a/go.mod"}
			i.IncludePatterns = []string{"*.mod"}
		}, "file.copy.requiredpaths", "file.copy.includeexcludepatterns"),
		"copy, relative":           on(llb.Copy(local.Dir("/in"), "a/./b", "c", copyDefaults())),
		"copy, into a directory":   on(llb.Copy(local, "a", "c/", copyDefaults())),
		"copy, into a directory .": on(llb.Copy(local, "a", "c/.", copyDefaults())),
		"copy, into here":          on(llb.Copy(local, ".", ".", copyDefaults())),
		"copy, into the root":      on(llb.Copy(local, "/", "/", copyDefaults())),
		"copy, into the root .":    on(llb.Copy(local, "/", "/.", copyDefaults())),
		"copy, from scratch":       on(llb.Copy(llb.Scratch(), "/", "/x", copyDefaults())),
		"copy, from itself":        plain(base.File(llb.Copy(base, "/etc", "/etc2", copyDefaults()))),
		"copy, onto scratch":       plain(llb.Scratch().File(llb.Copy(base, "/bin", "/bin", copyDefaults()))),
		"copy, several sources":    on(llb.Copy(local, "/a", "/d/", copyDefaults()).Copy(local, "/b", "/d/", copyDefaults())),
		"several actions": on(llb.Mkdir("/d", 0755).Mkfile("d/f", 0644, []byte("x"), llb.WithUser("app")).Copy(local, "/s", "/d/s", copyDefaults()).
			Symlink("f", "/d/l").Rm("/d/f").Copy(base, "/etc", "/e", copyDefaults()).Copy(local, "/t", "/d/t", copyDefaults()), "file.symlink.create"),
		"several actions on scratch": plain(llb.Scratch().File(llb.Mkdir("/d", 0755).Copy(local, "/", "/d", copyDefaults()).Copy(base, "/", "/e", copyDefaults()))),
		"file ops in a row":          plain(base.File(llb.Mkdir("/a", 0755)).File(llb.Mkdir("/a/b", 0755)).File(llb.Rm("/a"))),
		"copy from a step":           plain(llb.Scratch().File(llb.Copy(shell(base, "make").Root(), "/out/app", "/app", copyDefaults()))),
		"copy from an output":        plain(llb.Scratch().File(llb.Copy(shell(base, "make", llb.AddMount("/o", llb.Scratch()), llb.AddMount("/a", llb.Scratch())).GetMount("/o"), "/", "/", copyDefaults()))),
	}
}
