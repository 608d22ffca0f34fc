//===- StaticPlan.cpp - a program without dynamic loader ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one place that knows what static = true takes on which system. macOS,
// Solaris and their kin have no stable system call interface, so every program
// there needs the system's C library.
//===----------------------------------------------------------------------===//
#include "RuleFinding.h"
#include <algorithm>

namespace goslim::rewrite {

StaticPlan planStatic(bool UsesCgo, std::string_view Buildmode,
                      std::string_view Goos) {
  static constexpr std::string_view CanLinkC[] = {
      "linux", "freebsd", "netbsd", "openbsd", "dragonfly", "windows"};
  StaticPlan Plan;
  bool Pie = Buildmode == "pie" && Goos != "windows";
  bool Can = std::find(std::begin(CanLinkC), std::end(CanLinkC), Goos) !=
             std::end(CanLinkC);
  if (!UsesCgo && !Pie)
    return Plan;
  if (!UsesCgo) {
    Plan.Obstacle = "asked for a program without dynamic loader, but "
                    "-buildmode=pie without cgo needs one";
    Plan.Fix = "use -buildmode=exe, or CGO_ENABLED=1 for a static PIE";
  } else if (!Can) {
    Plan.Obstacle = "asked for a program without dynamic loader, but with cgo "
                    "there is none on " +
                    std::string(Goos);
    Plan.Fix = "set CGO_ENABLED=0, or static = false for this GOOS";
  } else {
    Plan.Link = Pie ? StaticLink::StaticPie : StaticLink::Static;
  }
  return Plan;
}

} // namespace goslim::rewrite
