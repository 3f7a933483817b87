package main

import (
	"bytes"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/tonistiigi/go-csvvalue"
	"golang.org/x/net/http2/hpack"
)

func fields(input []byte) (any, error) {
	return csvvalue.Fields(string(input), nil)
}

func ignorePatterns(input []byte) (any, error) {
	patterns, err := ignorefile.ReadAll(bytes.NewReader(input))
	if patterns == nil {
		patterns = []string{}
	}
	return patterns, err
}

func expand(input []byte) (any, error) {
	variables := shell.EnvsFromSlice([]string{"A=alpha", "EMPTY=", "PATH_LIKE=/usr/lib:/lib", "STARS=a*b?c", "ÜBER=über"})
	value, _, err := shell.NewLex('\\').ProcessWord(string(input), variables)
	return value, err
}

type heredoc struct {
	Name    string `json:"name"`
	Expand  bool   `json:"expand"`
	Chomp   bool   `json:"chomp"`
	Content string `json:"content"`
}

type instruction struct {
	Line     int       `json:"line"`
	Keyword  string    `json:"keyword"`
	Flags    []string  `json:"flags"`
	Words    []string  `json:"words"`
	Heredocs []heredoc `json:"heredocs"`
}

func instructions(input []byte) (any, error) {
	result, err := parser.Parse(bytes.NewReader(input))
	if err != nil {
		return nil, err
	}
	found := []instruction{}
	for _, node := range result.AST.Children {
		each := instruction{Line: node.StartLine, Keyword: node.Value, Flags: node.Flags, Words: []string{}, Heredocs: []heredoc{}}
		for word := node.Next; word != nil; word = word.Next {
			each.Words = append(each.Words, word.Value)
		}
		for _, doc := range node.Heredocs {
			each.Heredocs = append(each.Heredocs, heredoc{doc.Name, doc.Expand, doc.Chomp, doc.Content})
		}
		found = append(found, each)
	}
	return found, nil
}

// Blocks of one connection, each behind its length in two bytes. Texts are bytes in latin-1.
func headers(input []byte) (any, error) {
	found := [][][2]string{}
	decoder := hpack.NewDecoder(4096, nil)
	for len(input) >= 2 {
		length := min(int(input[0])<<8|int(input[1]), len(input)-2)
		list, err := decoder.DecodeFull(input[2 : 2+length])
		if err != nil {
			return nil, err
		}
		fields := [][2]string{}
		for _, field := range list {
			fields = append(fields, [2]string{latin1(field.Name), latin1(field.Value)})
		}
		found = append(found, fields)
		input = input[2+length:]
	}
	return found, nil
}

func latin1(text string) string {
	runes := make([]rune, len(text))
	for i := range len(text) {
		runes[i] = rune(text[i])
	}
	return string(runes)
}
