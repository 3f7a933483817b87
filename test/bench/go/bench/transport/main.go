// transport moves bytes and calls over one connection as grpc-go does, in either role.
//
//	transport serve PATH                 answers until stdin ends
//	transport up|down|calls|many PATH N  sends or receives N bytes, makes N calls, or N of them 100 at a time, and
//	                                     prints what it took as JSON
package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
)

// As large as the packets in which BuildKit moves files.
const messageSize = 32 << 10

const callsAtATime = 100

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

func main() {
	var err error
	switch {
	case len(os.Args) == 3 && os.Args[1] == "serve":
		err = serve(os.Args[2])
	case len(os.Args) == 4:
		err = measure(os.Args[1], os.Args[2], os.Args[3])
	default:
		err = errors.New("want serve PATH, or up|down|calls|many PATH N")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "transport:", err)
		os.Exit(1)
	}
}

func serve(path string) error {
	listener, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	server := grpc.NewServer(grpc.ForceServerCodecV2(raw{}), grpc.UnknownServiceHandler(answer))
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		server.Stop()
	}()
	fmt.Println("ready")
	return server.Serve(listener)
}

// answer takes all that comes and gives back how much it was; to /bench/down it gives as much as is asked for.
func answer(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	total := uint64(0)
	for {
		var message []byte
		err := stream.RecvMsg(&message)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if method == "/bench/down" {
			return sendAll(stream, binary.BigEndian.Uint64(message))
		}
		total += uint64(len(message))
	}
	message := binary.BigEndian.AppendUint64(nil, total)
	return stream.SendMsg(&message)
}

type sender interface{ SendMsg(any) error }

func sendAll(stream sender, left uint64) error {
	part := make([]byte, messageSize)
	for left > 0 {
		message := part[:min(left, messageSize)]
		left -= uint64(len(message))
		if err := stream.SendMsg(&message); err != nil {
			return err
		}
	}
	return nil
}

func measure(what, path, number string) error {
	amount, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return err
	}
	connection, err := grpc.NewClient("unix://"+path,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodecV2(raw{})))
	if err != nil {
		return err
	}
	defer connection.Close()
	if err := call(connection); err != nil {
		return err
	}
	used, start := cpu(), time.Now()
	if err := move(connection, what, amount); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]float64{
		"wall": time.Since(start).Seconds(),
		"cpu":  cpu() - used,
	})
}

func move(connection *grpc.ClientConn, what string, amount uint64) error {
	switch what {
	case "up":
		return up(connection, amount)
	case "down":
		return down(connection, amount)
	case "calls":
		return calls(connection, amount)
	case "many":
		return many(connection, amount)
	}
	return fmt.Errorf("no such thing: %s", what)
}

func open(connection *grpc.ClientConn, method string) (grpc.ClientStream, error) {
	description := &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}
	return connection.NewStream(context.Background(), description, method)
}

func up(connection *grpc.ClientConn, amount uint64) error {
	stream, err := open(connection, "/bench/up")
	if err != nil {
		return err
	}
	if err := sendAll(stream, amount); err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	var answer []byte
	if err := stream.RecvMsg(&answer); err != nil {
		return err
	}
	if got := binary.BigEndian.Uint64(answer); got != amount {
		return fmt.Errorf("%d of %d bytes arrived", got, amount)
	}
	return nil
}

func down(connection *grpc.ClientConn, amount uint64) error {
	stream, err := open(connection, "/bench/down")
	if err != nil {
		return err
	}
	request := binary.BigEndian.AppendUint64(nil, amount)
	if err := stream.SendMsg(&request); err != nil {
		return err
	}
	received := uint64(0)
	for {
		var message []byte
		err := stream.RecvMsg(&message)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		received += uint64(len(message))
	}
	if received != amount {
		return fmt.Errorf("%d of %d bytes arrived", received, amount)
	}
	return nil
}

func call(connection *grpc.ClientConn) error {
	request, answer := make([]byte, 64), []byte{}
	return connection.Invoke(context.Background(), "/bench/call", &request, &answer)
}

func calls(connection *grpc.ClientConn, amount uint64) error {
	for range amount {
		if err := call(connection); err != nil {
			return err
		}
	}
	return nil
}

func many(connection *grpc.ClientConn, amount uint64) error {
	failures := make([]error, callsAtATime)
	var group sync.WaitGroup
	for worker := range callsAtATime {
		group.Go(func() { failures[worker] = calls(connection, amount/callsAtATime) })
	}
	group.Wait()
	return errors.Join(failures...)
}

func cpu() float64 {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}
