package main

import _ "embed"

//go:embed a.txt
var A string

var (
	//go:embed `b c.txt`
	// a comment
	B []byte
)

//go:embed x y
var F embed.FS
