// Asks Go's own code what it makes of tricky command lines, response files,
// quoted lists and build information, and prints question and answer, one case
// a line, for test/unit/ToolOracleTest.cpp. Built inside GOROOT/src/cmd/go by
// an overlay (overlay.py), since what it asks is internal to cmd.
//
// A line is a kind and tokens; a string is "x" and its bytes in hex.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cmd/go/internal/base"
	"cmd/go/internal/list"
	"cmd/go/internal/load"
	"cmd/go/internal/run"
	"cmd/go/internal/test"
	"cmd/go/internal/work"
	"cmd/internal/objabi"
	"cmd/internal/quoted"
)

var out = bufio.NewWriter(os.Stdout)
var random = rand.New(rand.NewSource(1))

func emit(kind string, tokens ...any) {
	out.WriteString(kind)
	for _, t := range tokens {
		switch t := t.(type) {
		case []string:
			for _, s := range t {
				fmt.Fprintf(out, " x%x", s)
			}
		case bool, int:
			fmt.Fprintf(out, " %v", t)
		case string:
			fmt.Fprintf(out, " x%x", t)
		}
	}
	out.WriteByte('\n')
}

// word joins up to max of pieces.
func word(pieces []string, max int) string {
	var b strings.Builder
	for n := random.Intn(max + 1); n > 0; n-- {
		b.WriteString(pieces[random.Intn(len(pieces))])
	}
	return b.String()
}

func words(pieces []string, maxWords, maxPieces int) []string {
	list := make([]string, random.Intn(maxWords+1))
	for i := range list {
		list[i] = word(pieces, maxPieces)
	}
	return list
}

var text = []string{"a", "-X", "=", " ", "\t", "\n", "\r", "'", "\"", "\\", "\\\\", "\\n", "\\\n",
	"\\\r\n", "$", "`", "é", "\u00a0", "\xff", "\xe2\x80", "\v", "-o", "main.v=1"}

func quoting(n int) {
	for i := 0; i < n; i++ {
		s := word(text, 10)
		list, err := quoted.Split(s)
		emit("split", s, err == nil, list)
		list = words(text, 4, 3)
		if joined, err := quoted.Join(list); err == nil {
			emit("join", joined, list)
		}
		emit("quote", s, strconv.Quote(s))
		literal := "\"" + word([]string{"a", "\\", "x", "4", "1", "u", "00e9", "U0010ffff", "ud800",
			"n", "'", "\"", "377", "\n", "\xff", "é"}, 6) + "\""
		plain, err := strconv.Unquote(literal)
		emit("unquote", literal, err == nil, plain)
	}
	if unicode.Version == "15.0.0" { // what our table was made from
		for r := rune(0); r <= unicode.MaxRune; r += 1024 {
			if r == 0x33000 { // nothing is assigned from here to plane 14
				r = 0xe0000
			} else if r == 0xe1000 {
				r = unicode.MaxRune &^ 1023
			}
			var b strings.Builder
			for c := r; c < r+1024; c++ {
				b.WriteRune(c)
			}
			emit("quote", b.String(), strconv.Quote(b.String()))
		}
	}
}

// expand lets Flagparse, which every tool calls, read a response file.
func expand(file, content string) (args []string, ok bool) {
	defer func() {
		if recover() != nil { // what the tools do about a bad escape
			ok = false
		}
	}()
	if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
		panic(err)
	}
	os.Args = []string{"tool", "--", "@" + file}
	objabi.Flagparse(func() {})
	return os.Args[2:], true
}

func responses(n int) {
	file := os.Getenv("ORACLE_SCRATCH")
	for i := 0; i < n; i++ {
		s := word(text, 12)
		args, ok := expand(file, s)
		emit("response", s, ok, args)
		if arg := word(text, 5); utf8.ValidString(arg) {
			emit("encode", arg, work.OracleEncodeArg(arg))
		}
	}
}

func buildInfo(n int) {
	pieces := []string{"path\t", "mod\t", "dep\t", "=>\t", "build\t", "a", "b/c", "=", "\t", "\n", "\n",
		"\"", "`", "\\", " ", "v1", "-ldflags=", "\"-s -w\""}
	for i := 0; i < n; i++ {
		s := word(pieces, 24)
		info, err := debug.ParseBuildInfo(s)
		answer := ""
		if err == nil {
			answer = info.String()
		}
		emit("buildinfo", s, err == nil, answer)
	}
}

func patterns(n int) {
	pieces := []string{"-X", "=", "a", " ", "'", "\"", "all", "./...", "main.v", "-s -w"}
	for i := 0; i < n; i++ {
		s := word(pieces, 7)
		var f load.PerPackageFlag
		err := f.Set(s)
		var list []string
		if err == nil {
			flags := reflect.ValueOf(&f).Elem().FieldByName("values").Index(0).FieldByName("flags")
			for j := 0; j < flags.Len(); j++ {
				list = append(list, flags.Index(j).String())
			}
		}
		emit("pattern", s, err == nil, list)
	}
}

// lines of the verbs that use package flag: what is left behind the flags.
func verbs(n int) {
	pieces := []string{"-v", "--v", "-x=false", "-tags", "-tags=a", "-ldflags", "-s", "-o", "-race", "./a",
		"a.go", "b.go", "--", "-", "-exec", "-f", "-json", "-json=Dir", "-m", "-p=2", "-export", "x"}
	for _, cmd := range []*base.Command{work.CmdBuild, work.CmdInstall, run.CmdRun, list.CmdList} {
		cmd.Flag.Init("", flag.ContinueOnError)
		cmd.Flag.SetOutput(io.Discard)
		cmd.Flag.Usage = func() {}
		for i := 0; i < n; i++ {
			args := words(pieces, 7, 1)
			if cmd.Flag.Parse(args) == nil {
				emit("verb", cmd.Name(), len(args), args, cmd.Flag.Args())
			}
		}
	}
}

// go test has a loop of its own and keeps state, so each line has a process.
func testLines(n int) {
	pieces := []string{"-v", "-race", "-run", "-run=x", "-o", "-tags=a", "-cpu", "-list=y", "./a", "./b",
		"--", "-args", "-custom", "-custom=1", "value", "-c", "-test.run", "-bench=z", "-"}
	for i := 0; i < n; i++ {
		args := words(pieces, 8, 1)
		cmd := exec.Command(os.Args[0], append([]string{"-oracle-test"}, args...)...)
		if answer, err := cmd.Output(); err == nil {
			emit("test", len(args), args)
			out.Write(answer)
		}
	}
}

func oneTestLine(args []string) {
	packages, _ := test.OracleTestFlags(args)
	emit("test-packages", packages)
	for _, name := range []string{"run", "o", "cpu", "list", "bench", "test.run"} {
		emit("test-value", name, test.CmdTest.Flag.Lookup(name).Value.String())
	}
	for _, name := range []string{"race", "c"} {
		emit("test-bool", name, test.CmdTest.Flag.Lookup(name).Value.String() == "true")
	}
}

func main() {
	defer out.Flush()
	// No command is registered here, so every flag in GOFLAGS would be unknown.
	os.Setenv("GOFLAGS", "")
	os.Setenv("GOENV", "off")
	if len(os.Args) > 1 && os.Args[1] == "-oracle-test" {
		oneTestLine(os.Args[2:])
		return
	}
	self := os.Args[0]
	emit("version", runtime.Version())
	quoting(5000)
	responses(3000)
	buildInfo(20000)
	patterns(5000)
	verbs(3000)
	os.Args = []string{self}
	testLines(250)
}
