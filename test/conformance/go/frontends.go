package main

import (
	"context"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"
)

// given is a state as another frontend gives it: a Definition that is built on.
func given(state llb.State) llb.State {
	def, err := state.Marshal(context.Background(), llb.LinuxAmd64, llb.LocalUniqueID("conformance"))
	if err != nil {
		panic(err)
	}
	op, err := llb.NewDefinitionOp(def.ToPB())
	if err != nil {
		panic(err)
	}
	return llb.NewState(op)
}

func frontends() map[string]graph {
	script := llb.NewSourceMap(nil, "build.lua", "Lua", []byte("bk.dockerfile()\n"))
	dockerfile := llb.NewSourceMap(nil, "Dockerfile", "Dockerfile", []byte("FROM alpine:3.20\nRUN <<E\none\nE\n"))
	from := dockerfile.Location([]*pb.Range{{Start: &pb.Position{Line: 1}, End: &pb.Position{Line: 1}}})
	heredoc := dockerfile.Location([]*pb.Range{{Start: &pb.Position{Line: 2}, End: &pb.Position{Line: 4, Character: 1}}})
	group := llb.ProgressGroup("id", "compile", false)
	base := llb.Image(alpine)
	step := shell(llb.Image(alpine, from), "one", heredoc, llb.WithCustomName("[2/2] RUN one"), group, llb.IgnoreCache)
	out := shell(base, "make", llb.AddMount("/out", llb.Scratch()))
	return map[string]graph{
		"frontend, alone":          plain(given(step.Root())),
		"frontend, a step after":   plain(shell(given(step.Root()), "two", line(script, 1)).Root()),
		"frontend, second output":  plain(given(out.GetMount("/out")).File(llb.Mkdir("/d", 0755))),
		"frontend, shares its ops": plain(llb.Merge([]llb.State{given(step.Root()), shell(base, "one", llb.WithExportCache()).Root(), given(out.Root())})),
		"frontend, comes later":    plain(llb.Merge([]llb.State{shell(base, "one", line(script, 1)).Root(), given(step.Root())})),
	}
}
