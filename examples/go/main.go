// Hello greets who is named on its command line.
package main

import (
	"fmt"
	"os"

	"example.com/hello/greeting"
)

var version = "unknown"

func main() {
	for _, name := range os.Args[1:] {
		fmt.Println(greeting.For(name))
	}
	fmt.Println("version", version)
}
