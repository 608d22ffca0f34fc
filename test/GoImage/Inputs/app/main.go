// A program with what pclntab and the types have to show: methods, closures,
// generic functions, an interface, a package whose path has dots.
package main

import "example.com/app.v2/in.ner"

type shape interface{ Area() int }

type square struct{ side int }

func (s *square) Area() int { return s.side * s.side }

func sum[T int | float64](values ...T) (total T) {
	for _, value := range values {
		func() { total += value }()
	}
	return
}

var shapes = map[string]shape{"square": &square{2}, "circle": inner.Circle{Radius: 1}}

func main() {
	total := 0
	for _, s := range shapes {
		total += s.Area()
	}
	println(total, sum(1, 2), int(sum(1.5, 2.5)))
}
