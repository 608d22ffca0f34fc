// Package right is the twin of the other one.
package right

import "fmt"

// Shared is content of both packages.
const Shared = "a literal that two packages have in common"

var counts = map[int]string{1: "a", 2: "b", 3: "c"}

func Greet(name string) string {
	return fmt.Sprintf("%s %s %s", Shared, name, counts[len(name)])
}
