package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// counts is what became of the calls.
type counts struct {
	Calls     int      `json:"calls"`
	Cancelled int      `json:"cancelled"`
	Messages  int      `json:"messages"`
	Bytes     int      `json:"bytes"`
	Errors    []string `json:"errors"`
}

func (c *counts) add(other counts) {
	c.Calls += other.Calls
	c.Cancelled += other.Cancelled
	c.Messages += other.Messages
	c.Bytes += other.Bytes
	c.Errors = append(c.Errors, other.Errors...)
}

func call(address string, duration time.Duration, workers int) counts {
	total := counts{Errors: []string{}}
	network, rest := split(address)
	target := "passthrough:///" + rest
	if network == "unix" {
		target = "unix://" + rest
	}
	connection, err := grpc.NewClient(target,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(
			grpc.ForceCodecV2(raw{}),
			grpc.MaxCallRecvMsgSize(largestMessage),
			grpc.MaxCallSendMsgSize(largestMessage),
		))
	if err != nil {
		total.Errors = append(total.Errors, err.Error())
		return total
	}
	defer connection.Close()
	deadline := time.Now().Add(duration)
	var lock sync.Mutex
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			done := counts{}
			for time.Now().Before(deadline) && len(done.Errors) == 0 {
				if err := one(connection, &done); err != nil {
					done.Errors = append(done.Errors, err.Error())
				}
			}
			lock.Lock()
			defer lock.Unlock()
			total.add(done)
		})
	}
	group.Wait()
	return total
}

// one makes one call of a random kind and checks all that comes back.
func one(connection *grpc.ClientConn, done *counts) error {
	kinds := []string{"echo", "echo", "echo", "slow", "refuse", "stop"}
	kind := kinds[rand.IntN(len(kinds))]
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	messages := make([][]byte, rand.IntN(20))
	for i := range messages {
		messages[i] = randomMessage()
	}
	cancelAt := -1
	if rand.IntN(5) == 0 {
		cancelAt = rand.IntN(20)
	}
	done.Calls++
	stream, err := connection.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, "/peer/"+kind)
	if err != nil {
		return fmt.Errorf("%s: open: %w", kind, err)
	}
	sent := make(chan error, 1)
	go func() { sent <- send(stream, messages, cancelAt, cancel) }()
	err = receive(stream, kind, messages, done)
	cancelled := errors.Is(<-sent, context.Canceled)
	if cancelled && (err == nil || status.Code(err) == codes.Canceled) {
		done.Cancelled++
		return nil
	}
	if kind == "refuse" && status.Code(err) == codes.FailedPrecondition && status.Convert(err).Message() == "as asked" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	if kind == "refuse" {
		return fmt.Errorf("refuse: no error")
	}
	return nil
}

func send(stream grpc.ClientStream, messages [][]byte, cancelAt int, cancel func()) error {
	for i, message := range messages {
		if i == cancelAt {
			cancel()
			return context.Canceled
		}
		if err := stream.SendMsg(&message); err != nil {
			return nil // The answer says why.
		}
	}
	if cancelAt >= len(messages) {
		cancel()
		return context.Canceled
	}
	return stream.CloseSend()
}

func receive(stream grpc.ClientStream, kind string, messages [][]byte, done *counts) error {
	slow := rand.IntN(4) == 0
	for i := 0; ; i++ {
		if slow {
			time.Sleep(time.Duration(rand.IntN(4)) * time.Millisecond)
		}
		var message []byte
		err := stream.RecvMsg(&message)
		if errors.Is(err, io.EOF) {
			return checkEnd(stream, kind, i, len(messages))
		}
		if err != nil {
			return err
		}
		if i >= len(messages) || !bytes.Equal(message, messages[i]) {
			return fmt.Errorf("message %d of %d came back as %d other bytes", i, len(messages), len(message))
		}
		done.Messages++
		done.Bytes += len(message)
	}
}

func checkEnd(stream grpc.ClientStream, kind string, received, sent int) error {
	if kind == "stop" {
		sent = min(sent, 1)
	}
	if received != sent {
		return fmt.Errorf("%d of %d messages came back", received, sent)
	}
	header, err := stream.Header()
	if err != nil {
		return err
	}
	method := "/peer/" + kind
	if got := header.Get("x-method"); len(got) != 1 || got[0] != method {
		return fmt.Errorf("header x-method: %q", got)
	}
	if got := stream.Trailer().Get("x-trailer"); len(got) != 1 || got[0] != method {
		return fmt.Errorf("trailer x-trailer: %q", got)
	}
	return nil
}

// randomMessage is mostly small, sometimes large, sometimes empty.
func randomMessage() []byte {
	size := rand.IntN(2000)
	switch rand.IntN(20) {
	case 0:
		size = 0
	case 1, 2:
		size = rand.IntN(200_000)
	case 3:
		if rand.IntN(4) == 0 {
			size = rand.IntN(3_000_000)
		}
	}
	message := make([]byte, size)
	seed := byte(rand.IntN(256))
	for i := range message {
		message[i] = seed + byte(i*7) + byte(i>>8)
	}
	return message
}
