// Package inner has a dot in its path.
package inner

// Circle is reached only through main.shape.
type Circle struct{ Radius int }

//go:noinline
func (c Circle) Area() int { return 3 * c.Radius * c.Radius }
