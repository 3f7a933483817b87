package main

import (
	"net"

	"github.com/moby/buildkit/client/llb"
)

func shell(state llb.State, command string, opts ...llb.RunOption) llb.ExecState {
	return state.Run(append([]llb.RunOption{llb.Args([]string{"/bin/sh", "-c", command})}, opts...)...)
}

func step(opts ...llb.RunOption) graph {
	return plain(shell(llb.Image(alpine), "x", opts...).Root())
}

func configured() llb.State {
	state, err := llb.Image(alpine).WithImageConfig([]byte(
		`{"config":{"Env":["PATH=/opt/bin:/bin","LANG=C","EMPTY=","BARE","LANG=C.UTF-8"],"WorkingDir":"/srv","User":"nobody"}}`))
	if err != nil {
		panic(err)
	}
	return state.User("nobody")
}

func cacheDirectory(uid, gid int) llb.State {
	return llb.Scratch().File(llb.Mkdir("/cache", 0755, llb.WithUIDGID(uid, gid)),
		llb.WithCustomName("[internal] setting cache mount permissions"))
}

func execs() map[string]graph {
	base := llb.Image(alpine)
	local := llb.Local("context")
	many := shell(base, "x",
		llb.AddMount("/z", llb.Scratch()),
		llb.AddMount("/b", local, llb.Readonly),
		llb.AddMount("/c", local),
		llb.AddMount("/a", llb.Scratch(), llb.AsPersistentCacheDir("a", llb.CacheMountShared)))
	name := "SECRET"
	dest := "/run/secrets/token"
	return map[string]graph{
		"run":                           step(),
		"run, list":                     plain(base.Run(llb.Args([]string{"/bin/true", "", "a b", "é"})).Root()),
		"run, other shell":              plain(base.Run(llb.Args([]string{"/bin/bash", "-eo", "pipefail", "-c", "x"})).Root()),
		"run, on scratch":               plain(shell(llb.Scratch(), "x").Root()),
		"run, long command":             plain(shell(base, longText()).Root()),
		"run, cwd":                      step(llb.Dir("/w")),
		"run, relative cwd":             plain(shell(base.Dir("/w"), "x", llb.Dir("a/../b")).Root()),
		"run, cwd above the root":       plain(shell(base.Dir("/w"), "x", llb.Dir("../../..")).Root()),
		"run, user":                     step(llb.User("app:staff")),
		"run, env":                      step(llb.AddEnv("B", "2"), llb.AddEnv("A", "1"), llb.AddEnv("EMPTY", "")),
		"run, env set again":            plain(shell(base.AddEnv("A", "1").AddEnv("B", "2").AddEnv("A", "3"), "x", llb.AddEnv("C", "4")).Root()),
		"run, env of one step":          plain(shell(shell(base.AddEnv("A", "1"), "x", llb.AddEnv("A", "2")).Root(), "y").Root()),
		"run, hostname":                 step(llb.Hostname("box")),
		"run, network host":             step(llb.Network(llb.NetModeHost)),
		"run, network none":             step(llb.Network(llb.NetModeNone)),
		"run, insecure":                 step(llb.Security(llb.SecurityModeInsecure)),
		"run, hosts":                    step(llb.AddExtraHost("a.example", net.ParseIP("10.0.0.1")), llb.AddExtraHost("b.example", net.ParseIP("2001:DB8:0:0::1"))),
		"run, exit codes":               step(llb.ValidExitCodes(0, 1, 255)),
		"run, exit code zero":           step(llb.ValidExitCodes(0)),
		"run, ulimits":                  step(llb.AddUlimit(llb.UlimitNofile, 1024, 4096), llb.AddUlimit(llb.UlimitCore, 0, -1), llb.AddUlimit(llb.UlimitNproc, -1, -1)),
		"run, cgroup parent":            step(llb.WithCgroupParent("/build")),
		"run, devices":                  step(llb.AddCDIDevice(llb.CDIDeviceName("vendor.com/gpu=0")), llb.AddCDIDevice(llb.CDIDeviceName("vendor.com/gpu=1"), llb.CDIDeviceOptional)),
		"run, platform":                 step(llb.LinuxArm64),
		"run, read-only root":           plain(shell(base, "x", llb.ReadonlyRootFS(), llb.AddMount("/out", llb.Scratch())).GetMount("/out")),
		"run, read-only root result":    plain(shell(base, "x", llb.ReadonlyRootFS()).Root()),
		"run, settings of the state":    plain(shell(base.AddEnv("A", "1").Dir("/d").User("u").Hostname("h").Network(llb.NetModeHost).AddExtraHost("x", net.ParseIP("1.2.3.4")), "x", llb.AddExtraHost("y", net.ParseIP("5.6.7.8"))).Root()),
		"config":                        plain(shell(configured(), "x").Root()),
		"config, changed":               plain(shell(configured().AddEnv("LANG", "de").Dir("sub/dir").User("root"), "x").Root()),
		"config, absolute cwd":          plain(shell(configured().Dir("/abs"), "x").Root()),
		"config, through a file op":     plain(shell(configured().File(llb.Mkdir("made", 0755)), "x").Root()),
		"mount, bind read-only":         step(llb.AddMount("/src", local, llb.Readonly)),
		"mount, bind selector":          step(llb.AddMount("/src", local, llb.Readonly, llb.SourcePath("/sub"))),
		"mount, bind writable":          step(llb.AddMount("/src", local)),
		"mount, bind of the root":       step(llb.AddMount("/old", base, llb.Readonly)),
		"mount, bind scratch":           step(llb.AddMount("/new", llb.Scratch())),
		"mount, content cache on":       step(llb.AddMount("/src", local, llb.Readonly, llb.ContentCache(llb.MountContentCacheOn))),
		"mount, content cache off":      step(llb.AddMount("/src", local, llb.Readonly, llb.ContentCache(llb.MountContentCacheOff))),
		"mount, cache":                  step(llb.AddMount("/c", llb.Scratch(), llb.AsPersistentCacheDir("id", llb.CacheMountShared))),
		"mount, cache private":          step(llb.AddMount("/c", llb.Scratch(), llb.AsPersistentCacheDir("id", llb.CacheMountPrivate))),
		"mount, cache locked":           step(llb.AddMount("/c", llb.Scratch(), llb.AsPersistentCacheDir("id", llb.CacheMountLocked))),
		"mount, cache from":             step(llb.AddMount("/c", local, llb.AsPersistentCacheDir("id", llb.CacheMountShared), llb.SourcePath("/sub"))),
		"mount, cache owner":            step(llb.AddMount("/c", cacheDirectory(1000, 1001), llb.AsPersistentCacheDir("id", llb.CacheMountShared), llb.SourcePath("/cache"))),
		"mount, tmpfs":                  step(llb.AddMount("/t", llb.Scratch(), llb.Tmpfs())),
		"mount, tmpfs size":             step(llb.AddMount("/t", llb.Scratch(), llb.Tmpfs(llb.TmpfsSize(1<<33)))),
		"mount, shm size":               step(llb.AddMount("/dev/shm", llb.Scratch(), llb.Tmpfs(llb.TmpfsSize(64<<20)))),
		"mount, secret":                 step(llb.AddSecret(dest, llb.SecretID("token"))),
		"mount, secret options":         step(llb.AddSecret("/s", llb.SecretID("id"), llb.SecretOptional, llb.SecretFileOpt(1, 2, 0440))),
		"mount, secret mode zero":       step(llb.AddSecret("/s", llb.SecretID("id"), llb.SecretFileOpt(0, 0, 0))),
		"secret env":                    step(llb.AddSecretWithDest("id", nil, llb.SecretAsEnvName(name)), llb.AddSecretWithDest("other", nil, llb.SecretAsEnvName("OTHER"), llb.SecretOptional)),
		"secret env and mount":          step(llb.AddSecretWithDest("id", nil, llb.SecretAsEnvName(name)), llb.AddSecret(dest, llb.SecretID("token"))),
		"mount, ssh":                    step(llb.AddSSHSocket()),
		"mount, ssh options":            step(llb.AddSSHSocket(llb.SSHID("key"), llb.SSHSocketOpt("/agent.sock", 5, 6, 0666), llb.SSHOptional)),
		"mount, two ssh":                step(llb.AddSSHSocket(llb.SSHSocketTarget("/first")), llb.AddSSHSocket(llb.SSHID("b"))),
		"mount, ssh with SSH_AUTH_SOCK": step(llb.AddEnv("SSH_AUTH_SOCK", "/mine"), llb.AddSSHSocket()),
		"mounts, all kinds": step(llb.AddSSHSocket(), llb.AddSecret("/aaa", llb.SecretID("s")), llb.AddMount("/t", llb.Scratch(), llb.Tmpfs()),
			llb.AddMount("/c", llb.Scratch(), llb.AsPersistentCacheDir("id", llb.CacheMountLocked)), llb.AddMount("/b", local, llb.Readonly), llb.AddMount("/o", llb.Scratch())),
		"mounts, root of many":      plain(many.Root()),
		"mounts, /z of many":        plain(many.GetMount("/z")),
		"mounts, /b of many":        plain(many.GetMount("/b")),
		"mounts, /c of many":        plain(many.GetMount("/c")),
		"mounts, same source twice": step(llb.AddMount("/y", local, llb.Readonly), llb.AddMount("/x", local, llb.Readonly, llb.SourcePath("/s"))),
		"mounts, sorted by bytes":   step(llb.AddMount("/ﬀ", local, llb.Readonly), llb.AddMount("/😀", llb.Scratch()), llb.AddMount("/B", llb.Scratch()), llb.AddMount("/a", llb.Scratch())),
		"mounts, all outputs":       plain(llb.Merge([]llb.State{many.Root(), many.GetMount("/c"), many.GetMount("/z")})),
	}
}

func longText() string {
	text := ""
	for range 3000 {
		text += "echo é; "
	}
	return text
}
