// stopwatch runs a command and prints what it took, as JSON.
//
//	stopwatch STDIN STDOUT STDERR COMMAND...
//
// It stands between the benchmarks and what they measure because Linux counts the memory that a parent has when it
// starts a child as the child's own peak: this parent has next to none.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

type taken struct {
	// Seconds.
	Wall float64 `json:"wall"`
	CPU  float64 `json:"cpu"`
	// Bytes.
	Memory int64  `json:"memory"`
	Status string `json:"status"`
}

func main() {
	if len(os.Args) < 5 {
		fail(fmt.Errorf("want STDIN STDOUT STDERR COMMAND"))
	}
	path, err := exec.LookPath(os.Args[4])
	if err != nil {
		fail(err)
	}
	files := make([]*os.File, 3)
	for i, name := range os.Args[1:4] {
		flags := os.O_RDONLY
		if i > 0 {
			flags = os.O_CREATE | os.O_TRUNC | os.O_WRONLY
		}
		if files[i], err = os.OpenFile(name, flags, 0o644); err != nil {
			fail(err)
		}
	}
	start := time.Now()
	process, err := os.StartProcess(path, os.Args[4:], &os.ProcAttr{Files: files})
	if err != nil {
		fail(err)
	}
	state, err := process.Wait()
	wall := time.Since(start)
	if err != nil {
		fail(err)
	}
	status := ""
	if !state.Success() {
		status = state.String()
	}
	usage := state.SysUsage().(*syscall.Rusage)
	_ = json.NewEncoder(os.Stdout).Encode(taken{
		Wall:   wall.Seconds(),
		CPU:    (state.UserTime() + state.SystemTime()).Seconds(),
		Memory: usage.Maxrss * 1024,
		Status: status,
	})
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "stopwatch:", err)
	os.Exit(1)
}
