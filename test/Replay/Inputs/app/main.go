// Something of everything that a linker lays out.
package main

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"

	"example.com/app/left"
	"example.com/app/right"
)

//go:embed static
var static embed.FS

var version = "none"

type pair[K comparable, V any] struct {
	Key   K
	Value V
}

func pairs[K comparable, V any](m map[K]V) (out []pair[K, V]) {
	for k, v := range m {
		out = append(out, pair[K, V]{k, v})
	}
	return out
}

type shape interface{ Area() float64 }
type square struct{ Side float64 }

func (s square) Area() float64 { return s.Side * s.Side }

var table = map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
var zeroes [5000]byte
var pointers [100]*int

func main() {
	defer fmt.Println(version)
	names := pairs(table)
	sort.Slice(names, func(i, j int) bool { return names[i].Key < names[j].Key })
	text, err := json.Marshal(names)
	if err != nil && errors.Is(err, os.ErrExist) {
		panic(err)
	}
	var s shape = square{3}
	entry, _ := static.ReadFile("static/a.txt")
	fmt.Println(string(text), s.Area(), reflect.TypeOf(s), len(entry), len(zeroes), pointers[7])
	fmt.Println(left.Greet("x"), right.Greet("y"), strings.ToUpper(left.Shared+right.Shared))
}
