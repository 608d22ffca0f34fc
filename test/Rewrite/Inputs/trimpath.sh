#!/bin/sh
# trimpath.sh GO WRAP: in the module of the current folder, the program that the
# wrapper trims is, byte for byte, the one that go trims.
set -eu
Go=$1 Wrap=$2
PATH=$(dirname "$Go"):$PATH
export CGO_ENABLED=0

compare() {
  "$Go" build -trimpath -ldflags=-buildid= -o plain .
  "$Go" build -toolexec "$Wrap" -o wrapped .
  ./wrapped
  cmp plain wrapped && echo "same: $1"
}

printf 'version = 1\n[policy]\ntrimpath = true\nbuildid = "empty"\n' >goslim.toml
compare "replaced modules"
"$Go" mod vendor
compare "vendored modules"

# OUT: {{^}}example.com/App/main.go
# OUT-NEXT: {{^}}example.com/near@v0.9.0/deep/deep.go
# OUT-NEXT: {{^}}example.com/vend@v1.2.3/vend.go
# OUT-NEXT: {{^}}root:.
# OUT: same: replaced modules
# OUT: {{^}}example.com/near@v0.9.0/deep/deep.go
# OUT: same: vendored modules
