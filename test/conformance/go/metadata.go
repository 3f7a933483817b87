package main

import (
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

func platform(os, architecture string) *ocispecs.Platform {
	return &ocispecs.Platform{OS: os, Architecture: architecture}
}

func lines(sourceMap *llb.SourceMap, numbers ...int32) []llb.ConstraintsOpt {
	var opts []llb.ConstraintsOpt
	for _, number := range numbers {
		opts = append(opts, line(sourceMap, number))
	}
	return opts
}

func line(sourceMap *llb.SourceMap, number int32) llb.ConstraintsOpt {
	return sourceMap.Location([]*pb.Range{{Start: &pb.Position{Line: number}, End: &pb.Position{Line: number}}})
}

func metadata() map[string]graph {
	base := llb.Image(alpine)
	script := llb.NewSourceMap(nil, "build.lua", "Lua", []byte("local base = bk.image(\"alpine\")\nreturn base\n"))
	module := llb.NewSourceMap(nil, "lib/base.lua", "Lua", []byte("-- é\n"))
	group := llb.ProgressGroup("id", "compile", false)
	return map[string]graph{
		"metadata, name":               plain(shell(base, "one", llb.WithCustomName("the first")).Root()),
		"metadata, description":        plain(shell(base, "one", llb.WithDescription(map[string]string{"b": "2", "a": "1", "": ""})).Root()),
		"metadata, no cache":           plain(shell(base, "one", llb.IgnoreCache).Root()),
		"metadata, export cache":       plain(shell(base, "one", llb.WithExportCache()).Root()),
		"metadata, no export cache":    plain(shell(base, "one", llb.WithoutExportCache()).Root()),
		"metadata, group":              plain(shell(shell(base, "one", group).Root(), "two", group).Root()),
		"metadata, weak group":         plain(shell(base, "one", llb.ProgressGroup("id", "compile", true)).Root()),
		"metadata, everything":         plain(shell(base, "one", group, llb.WithCustomName("n"), llb.IgnoreCache, llb.WithExportCache()).Root()),
		"metadata, of a source":        plain(llb.Image(alpine, llb.WithCustomName("base"), llb.IgnoreCache)),
		"metadata, of a file op":       plain(base.File(llb.Mkdir("/d", 0755), llb.WithCustomName("make it"))),
		"metadata, of a merge":         plain(llb.Merge([]llb.State{base, llb.Local("context")}, llb.WithCustomName("lay"))),
		"metadata, of a diff":          plain(llb.Diff(base, shell(base, "x").Root(), llb.WithCustomName("changes"))),
		"metadata, of equal ops":       plain(llb.Merge([]llb.State{shell(base, "one", llb.WithCustomName("a"), llb.IgnoreCache).Root(), shell(llb.Image(alpine), "one", llb.WithDescription(map[string]string{"k": "v"}), llb.WithCustomName("b"), llb.WithExportCache()).Root()})),
		"metadata, no cache for all":   {shell(base, "one").Root(), []llb.ConstraintsOpt{llb.IgnoreCache}},
		"source map":                   plain(shell(llb.Image(alpine, line(script, 1)), "one", line(script, 2)).Root()),
		"source map, through a module": plain(shell(llb.Image(alpine, line(script, 1)), "one", line(module, 1), line(script, 2)).Root()),
		"source map, equal ops":        plain(llb.Merge([]llb.State{shell(llb.Image(alpine, line(script, 1)), "one", line(script, 2)).Root(), shell(llb.Image(alpine, line(module, 3)), "one", line(script, 5)).Root()}, line(script, 300))),
		"source map, some places":      plain(shell(base, "one", line(script, 2)).File(llb.Mkdir("/d", 0755))),
	}
}
