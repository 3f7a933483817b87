package main

import (
	"errors"
	"io"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// answer echoes messages. The method says how: /slow/ takes its time, /refuse/ ends at once with an error, /stop/ ends
// well after the first message, whatever else comes.
func answer(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	if err := stream.SetHeader(metadata.Pairs("x-method", method)); err != nil {
		return err
	}
	stream.SetTrailer(metadata.Pairs("x-trailer", method))
	if method == "/peer/refuse" {
		return status.Error(codes.FailedPrecondition, "as asked")
	}
	for {
		var message []byte
		err := stream.RecvMsg(&message)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if method == "/peer/slow" {
			time.Sleep(time.Duration(rand.IntN(3)) * time.Millisecond)
		}
		if err := stream.SendMsg(&message); err != nil {
			return err
		}
		if method == "/peer/stop" {
			return nil
		}
	}
}
