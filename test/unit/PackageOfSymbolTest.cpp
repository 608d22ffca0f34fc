//===- PackageOfSymbolTest.cpp - import paths in symbol names -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/GoImage/GoImage.h"
#include <gtest/gtest.h>

using goslim::packageOfSymbol;

TEST(PackageOfSymbol, Functions) {
  EXPECT_EQ(packageOfSymbol("main.main"), "main");
  EXPECT_EQ(packageOfSymbol("net/http.(*Client).Do"), "net/http");
  EXPECT_EQ(packageOfSymbol("net/http.init.0"), "net/http");
  EXPECT_EQ(packageOfSymbol("net/http.glob..func1"), "net/http");
  EXPECT_EQ(packageOfSymbol("vendor/golang.org/x/net/idna.f"),
            "vendor/golang.org/x/net/idna");
  EXPECT_EQ(packageOfSymbol("runtime.memmove.abi0"), "runtime");
}

TEST(PackageOfSymbol, EscapedPaths) {
  EXPECT_EQ(packageOfSymbol("gopkg.in/yaml%2ev3.Unmarshal"),
            "gopkg.in/yaml.v3");
  EXPECT_EQ(packageOfSymbol("example.com/a%2.f"), "example.com/a%2");
}

TEST(PackageOfSymbol, PathsOfOtherPackagesInsideAName) {
  EXPECT_EQ(packageOfSymbol("slices.SortFunc[go.shape.[]net/http.x,int]"),
            "slices");
  EXPECT_EQ(packageOfSymbol("sync/atomic.(*Pointer[net/http.T]).Load"),
            "sync/atomic");
}

TEST(PackageOfSymbol, ModulesThatLookLikeLinkerNames) {
  EXPECT_EQ(packageOfSymbol("go.uber.org/zap.New"), "go.uber.org/zap");
  EXPECT_EQ(packageOfSymbol("go.opentelemetry.io/otel.(*T).M"),
            "go.opentelemetry.io/otel");
  EXPECT_EQ(packageOfSymbol("type:*go.uber.org/zap.Logger"), "go.uber.org/zap");
}

TEST(PackageOfSymbol, TypesAndItabs) {
  EXPECT_EQ(packageOfSymbol("type:net/http.Client"), "net/http");
  EXPECT_EQ(packageOfSymbol("type:**net/http.Client"), "net/http");
  EXPECT_EQ(packageOfSymbol("type:.eq.net/http.Client"), "net/http");
  EXPECT_EQ(packageOfSymbol("type..hash.net/http.Client"), "net/http");
  EXPECT_EQ(packageOfSymbol("go:itab.*os.File,io.Reader"), "os");
  EXPECT_EQ(packageOfSymbol("go.itab.*os.File,io.Reader"), "os");
}

TEST(PackageOfSymbol, None) {
  for (const char *Name : {"",
                           "main",
                           "_rt0_amd64_linux",
                           "type:.eq.[2]string",
                           "type:[]net/http.X",
                           "type:func(net/http.X)",
                           "type:map[string]net/http.X",
                           "type:struct { F net/http.X }",
                           "type:noalg.map.group[string]int",
                           "type:noalg.struct { F os.T }",
                           "type:.namedata.Name.",
                           "type:.importpath.net/http.",
                           "go:string.\"a/b.c\"",
                           "go.string.\"a/b.c\"",
                           "go:info.runtime.f",
                           "go.(*struct { sync.Mutex }).Lock",
                           "go.buildid",
                           "$f64.3ff0000000000000",
                           "go.shape.int",
                           ".text",
                           "[",
                           "/",
                           "."})
    EXPECT_EQ(packageOfSymbol(Name), "") << Name;
}
