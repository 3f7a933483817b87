// grpc-peer speaks gRPC as grpc-go does, in either role, to test another implementation of HTTP/2.
//
//	grpc-peer serve ADDRESS            answers every call until stdin ends
//	grpc-peer call ADDRESS SECONDS N   makes calls from N workers and prints what became of them as JSON
//
// ADDRESS is host:port, or unix:PATH. Calls are streams of messages of any bytes, which come back as they are.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
)

// raw passes messages through as the bytes that they are.
type raw struct{}

func (raw) Name() string { return "raw" }

func (raw) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(*v.(*[]byte))}, nil
}

func (raw) Unmarshal(data mem.BufferSlice, v any) error {
	*v.(*[]byte) = data.Materialize()
	return nil
}

var _ encoding.CodecV2 = raw{}

const largestMessage = 16 << 20

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "grpc-peer:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "serve":
		return serve(args[1])
	case len(args) == 4 && args[0] == "call":
		seconds, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		workers, err := strconv.Atoi(args[3])
		if err != nil {
			return err
		}
		counts := call(args[1], time.Duration(seconds)*time.Second, workers)
		return json.NewEncoder(os.Stdout).Encode(counts)
	}
	return fmt.Errorf("want serve ADDRESS, or call ADDRESS SECONDS WORKERS")
}

func serve(address string) error {
	network, address := split(address)
	listener, err := net.Listen(network, address)
	if err != nil {
		return err
	}
	server := grpc.NewServer(
		grpc.ForceServerCodecV2(raw{}),
		grpc.UnknownServiceHandler(answer),
		grpc.MaxRecvMsgSize(largestMessage),
		grpc.MaxSendMsgSize(largestMessage),
	)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		server.Stop()
	}()
	fmt.Println("ready")
	return server.Serve(listener)
}

func split(address string) (network, rest string) {
	if path, isUnix := strings.CutPrefix(address, "unix:"); isUnix {
		return "unix", path
	}
	return "tcp", address
}
