package main

import (
	"fmt"

	"github.com/moby/buildkit/client/llb"
)

func chain(state llb.State, length int) llb.State {
	for step := range length {
		state = state.Run(llb.Args([]string{"/bin/sh", "-c", fmt.Sprintf("echo %d", step)})).Root()
	}
	return state
}

func graphs() map[string]graph {
	base := llb.Image(alpine)
	a := shell(base, "touch /a").Root()
	b := shell(base, "touch /b").Root()
	both := shell(base, "make", llb.AddMount("/out", llb.Scratch()))
	return map[string]graph{
		"merge":                      plain(llb.Merge([]llb.State{base, llb.Diff(base, a), llb.Diff(base, b)})),
		"merge, same twice":          plain(llb.Merge([]llb.State{a, a})),
		"merge, one left":            plain(llb.Merge([]llb.State{llb.Scratch(), a, llb.Scratch()})),
		"merge, nothing left":        plain(llb.Merge([]llb.State{llb.Scratch(), llb.Scratch()})),
		"merge, scratch in between":  plain(llb.Merge([]llb.State{a, llb.Scratch(), b})),
		"merge, keeps settings":      plain(shell(llb.Merge([]llb.State{base.Dir("/x").AddEnv("A", "1"), llb.Local("context")}), "pwd").Root()),
		"merge of merges":            plain(llb.Merge([]llb.State{llb.Merge([]llb.State{a, b}), llb.Merge([]llb.State{b, a})})),
		"diff":                       plain(llb.Diff(base, a)),
		"diff, scratch below":        plain(llb.Diff(llb.Scratch(), a)),
		"diff, scratch above":        plain(llb.Diff(a, llb.Scratch())),
		"diff, both scratch":         plain(llb.Diff(llb.Scratch(), llb.Scratch())),
		"diff, of outputs":           plain(llb.Diff(both.Root(), both.GetMount("/out"))),
		"diff, outputs of equal ops": plain(llb.Diff(shell(base, "touch /a").Root(), a)),
		"chain of 200":               plain(chain(base, 200)),
		"diamond":                    plain(shell(a, "cat /b", llb.AddMount("/b", b, llb.Readonly), llb.AddMount("/base", base, llb.Readonly)).Root()),
		"equal ops made twice":       plain(llb.Merge([]llb.State{shell(shell(llb.Image(alpine), "one").Root(), "two").Root(), shell(shell(base, "one").Root(), "three").Root()})),
		"result is a second output":  plain(both.GetMount("/out")),
		"second output goes on":      plain(shell(both.GetMount("/out").Dir("/w"), "ls").Root()),
		"platform of the build":      {shell(base, "uname").Root(), []llb.ConstraintsOpt{arm("arm", "v6")}},
		"platform of the image":      plain(shell(llb.Image(alpine, llb.LinuxArm64), "uname").Root()),
		"platform of the state":      plain(shell(base.Platform(*platform("linux", "riscv64")), "uname").Root()),
		"platform of one step":       plain(shell(shell(base, "one", llb.LinuxArm64).Root(), "two").Root()),
		"two platforms":              plain(llb.Merge([]llb.State{shell(llb.Image(alpine, llb.LinuxArm64), "a").Root(), shell(llb.Image(alpine, llb.LinuxPpc64le), "a").Root()})),
		"platform is normalised":     plain(shell(base.Platform(*platform("Linux", "aarch64")), "uname").Root()),
		"platform through file op":   plain(shell(llb.Image(alpine, llb.LinuxArm64).File(llb.Mkdir("/d", 0755)), "uname").Root()),
		"local into image":           plain(base.File(llb.Copy(llb.Local("context"), "/", "/src", copyDefaults()), withCaps())),
	}
}
