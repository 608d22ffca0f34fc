#!/bin/sh
# cache.sh GO WRAP: counts the steps that run after each change of policy.
set -eu
Go=$1 Wrap=$2
export CGO_ENABLED=0 GOCACHE="$PWD/cache"
cat >count <<X
#!/bin/sh
case "\$*" in *-V=full) ;; *) basename "\$1" >>"$PWD/steps" ;; esac
exec "\$@"
X
chmod +x count

policy() { printf 'version = 1\n[policy]\n%s\n' "$1" >goslim.toml; }
build() {
  : >steps
  "$Go" build -toolexec "$Wrap $PWD/count" -o app ./cmd/app
  Compiles=$(grep -c '^compile' steps || true)
  [ "$Compiles" -gt 3 ] && Compiles=some
  echo "$1: compile $Compiles, link $(grep -c '^link' steps || true)"
}

policy 'strip = "all"'
build "first"
build "same again"
policy 'strip = "debug"'
build "link policy changed"
policy 'strip = "all"
gcflags = { add = ["-l"] }'
build "compile policy changed"
policy 'strip = "all"'
build "back to the first"
GODEBUG=gocacheverify=1 "$Go" build -toolexec "$Wrap" -o app ./cmd/app
echo "gocacheverify: $?"
