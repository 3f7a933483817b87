package main

import "runtime"

func main() {
	println("Hello from", runtime.GOARCH)
}
