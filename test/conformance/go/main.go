// Prints the Definitions that BuildKit's own Go client makes of the graphs in this directory, as JSON: name to base64.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/moby/buildkit/client/llb"
	"google.golang.org/protobuf/proto"
)

type graph struct {
	state llb.State
	opts  []llb.ConstraintsOpt
}

func plain(state llb.State) graph {
	return graph{state: state}
}

// caps declares capabilities, as luakit does where the Go client does not.
type caps struct {
	llb.ConstraintsOpt
	ids []string
}

func (c caps) SetConstraintsOption(constraints *llb.Constraints) {
	for _, id := range c.ids {
		addCap(constraints, id)
	}
}

func withCaps(ids ...string) llb.ConstraintsOpt {
	return caps{ConstraintsOpt: llb.IgnoreCache, ids: ids}
}

func encode(ctx context.Context, g graph) ([]byte, error) {
	opts := append([]llb.ConstraintsOpt{llb.LinuxAmd64, llb.LocalUniqueID("conformance")}, g.opts...)
	def, err := g.state.Marshal(ctx, opts...)
	if err != nil {
		return nil, err
	}
	if len(def.Def) == 0 {
		return []byte{}, nil
	}
	return proto.MarshalOptions{Deterministic: true}.Marshal(def.ToPB())
}

func main() {
	out := map[string][]byte{}
	for _, graphs := range []map[string]graph{sources(), execs(), files(), graphs(), metadata(), frontends()} {
		for name, g := range graphs {
			if _, twice := out[name]; twice {
				panic("two graphs named " + name)
			}
			data, err := encode(context.Background(), g)
			if err != nil {
				panic(fmt.Errorf("%s: %w", name, err))
			}
			out[name] = data
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(out); err != nil {
		panic(err)
	}
}
