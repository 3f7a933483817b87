// Prints what fsutil makes of the cases on stdin: which entries of a tree a transfer has. A line of either is one JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	gofs "io/fs"
	"net/url"
	"os"
	"strings"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

// A line on stdin: a tree, which has entries, or a case with the name of its tree. Paths and patterns are
// percent-encoded where they are not plain.
type Line struct {
	Name        string   `json:"name"`
	Tree        string   `json:"tree"`
	Entries     []string `json:"entries"`
	Include     []string `json:"include"`
	Exclude     []string `json:"exclude"`
	FollowPaths []string `json:"follow"`
}

type Outcome struct {
	Name    string   `json:"name"`
	Entries []string `json:"entries,omitempty"`
	Error   string   `json:"error,omitempty"`
}

func main() {
	place, err := os.MkdirTemp("", "fsutil")
	check(err)
	defer os.RemoveAll(place)
	decoder := json.NewDecoder(os.Stdin)
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for decoder.More() {
		var line Line
		check(decoder.Decode(&line))
		if line.Entries != nil {
			check(makeTree(place+"/"+line.Tree, line.Entries))
			continue
		}
		entries, err := walk(place+"/"+line.Tree, line)
		outcome := Outcome{Name: line.Name, Entries: entries}
		if err != nil {
			outcome = Outcome{Name: line.Name, Error: err.Error()}
		}
		check(encoder.Encode(outcome))
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func decode(list []string) []string {
	if list == nil {
		return nil
	}
	decoded := []string{}
	for _, s := range list {
		plain, err := url.PathUnescape(s)
		check(err)
		decoded = append(decoded, plain)
	}
	return decoded
}

func encode(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f || s[i] == '%' {
			fmt.Fprintf(&b, "%%%02x", s[i])
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// In the words of makeTree, with the modes and sizes that are not as they mostly are.
func describe(st *types.Stat) string {
	mode := os.FileMode(st.Mode)
	line := encode(st.Path)
	usual := os.FileMode(0644)
	switch {
	case mode.IsDir():
		line, usual = line+"/", os.ModeDir|0755
	case mode&os.ModeSymlink != 0:
		line, usual = line+" -> "+encode(st.Linkname), os.ModeSymlink|0777
	case st.Linkname != "":
		line += " = " + encode(st.Linkname)
	}
	if mode != usual {
		line += fmt.Sprintf(" : %o", st.Mode)
	}
	if st.Uid != 0 || st.Gid != 0 {
		line += fmt.Sprintf(" owner %d:%d", st.Uid, st.Gid)
	}
	return line
}

// As fsutil.Send and BuildKit's client set it up.
func walk(root string, line Line) ([]string, error) {
	fs, err := fsutil.NewFS(root)
	check(err)
	fs, err = fsutil.NewFilterFS(fs, &fsutil.FilterOpt{Map: func(_ string, st *types.Stat) fsutil.MapResult {
		st.Uid = 0
		st.Gid = 0
		return fsutil.MapResultKeep
	}})
	check(err)
	fs, err = fsutil.NewFilterFS(fs, &fsutil.FilterOpt{
		IncludePatterns: decode(line.Include),
		ExcludePatterns: decode(line.Exclude),
		FollowPaths:     decode(line.FollowPaths),
	})
	if err != nil {
		return nil, err
	}
	var entries []string
	err = fsutil.WithHardlinkReset(fs).Walk(context.Background(), "/", func(_ string, entry gofs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		entries = append(entries, describe(info.Sys().(*types.Stat)))
		return nil
	})
	return entries, err
}
