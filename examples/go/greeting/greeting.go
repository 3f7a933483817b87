// Package greeting knows how to say hello.
package greeting

// For gives the greeting of one name.
func For(name string) string {
	return "Hello, " + name + "!"
}
