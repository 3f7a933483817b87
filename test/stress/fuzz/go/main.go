// Answers what Go's own code makes of inputs: a line on stdin is one question, a line on stdout its answer, both JSON.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// A Question has its input in base64, as inputs are bytes.
type Question struct {
	Kind  string `json:"kind"`
	Input []byte `json:"input"`
}

type Answer struct {
	Value any    `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
}

var kinds = map[string]func(input []byte) (any, error){
	"csv":        fields,
	"dockerfile": instructions,
	"duration":   duration,
	"expand":     expand,
	"git-url":    gitURL,
	"header":     headers,
	"ignore":     ignorePatterns,
	"platform":   platform,
	"reference":  imageName,
}

func main() {
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for scanner.Scan() {
		var question Question
		check(json.Unmarshal(scanner.Bytes(), &question))
		check(encoder.Encode(answer(question)))
	}
	check(scanner.Err())
}

// What panics in Go has no answer that anybody could want.
func answer(question Question) (result Answer) {
	defer func() {
		if r := recover(); r != nil {
			result = Answer{Error: fmt.Sprintf("panic: %v", r)}
		}
	}()
	value, err := kinds[question.Kind](question.Input)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	return Answer{Value: value}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
