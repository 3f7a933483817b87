package main

import (
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/util/apicaps"
)

func addCap(constraints *llb.Constraints, id string) {
	if constraints.Metadata.Caps == nil {
		constraints.Metadata.Caps = map[apicaps.CapID]bool{}
	}
	constraints.Metadata.Caps[apicaps.CapID(id)] = true
}
