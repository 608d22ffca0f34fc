#!/bin/sh
# identity.sh GO GOSLIM WRAP: in the module of the current folder, every way of
# building through goslim gives the bytes of plain go with the native flags.
set -eu
Go=$1 Goslim=$2 Wrap=$3
PATH=$(dirname "$Go"):$PATH
export CGO_ENABLED=0 GOCACHE="$PWD/cache"

policy() { printf 'version = 1\n[policy]\n%s\n' "$1" >goslim.toml; }
same() { cmp "$2" "$3" && echo "same: $1"; }

"$Go" build -o plain ./cmd/app
"$Goslim" build -o slim ./cmd/app
"$Go" build -toolexec "$Wrap" -o wrapped ./cmd/app
same "no policy, driver" plain slim
same "no policy, toolexec" plain wrapped

policy 'strip = "all"
trimpath = true'
"$Go" build -trimpath '-ldflags=-s -w' -o plain ./cmd/app
"$Goslim" -q build -o slim ./cmd/app
same "native flags, driver" plain slim

policy 'strip = "all"
trimpath = true
buildid = "empty"
gcflags = { add = ["-l"] }'
"$Go" build -trimpath -gcflags=all=-l '-ldflags=-s -w -buildid=' -o plain ./cmd/app
"$Go" build -toolexec "$Wrap" -o wrapped ./cmd/app
same "native flags, toolexec" plain wrapped
"$Go" version -m wrapped | sed -n 's/^\tbuild\t-\(gcflags\|trimpath\)/truth: -\1/p'

policy 'strip = "all"
buildid = "empty"
vars = { set = { "main.version" = "1.2.3" } }'
"$Go" build '-ldflags=-X=main.commit=abc -s -w -buildid= -X=main.version=1.2.3' -o plain ./cmd/app
"$Go" build -toolexec "$Wrap" '-ldflags=-X=main.commit=abc' -o wrapped ./cmd/app
./wrapped
"$Go" version -m wrapped | sed -n 's/^\tbuild\t-ldflags/truth: -ldflags/p'
same "paths kept, user's -X, toolexec" plain wrapped
