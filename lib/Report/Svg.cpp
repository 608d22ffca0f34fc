//===- Svg.cpp - the treemap as a picture ---------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Modules with their packages, squarified (Bruls, Huizing, van Wijk 2000). A
// title on each box says all; a label only where it fits.
//===----------------------------------------------------------------------===//
#include "Render.h"
#include <cmath>
#include <fmt/format.h>
#include <limits>

using namespace goslim;
using llvm::StringRef;

namespace {

struct Box {
  double X, Y, W, H;
};

class SvgWriter {
public:
  SvgWriter(llvm::raw_ostream &OS, uint64_t Whole) : OS(OS), Whole(Whole) {}
  void map(const std::vector<TreeNode> &Nodes, Box Room, unsigned Level,
           unsigned Hue);

private:
  void box(const TreeNode &N, Box Where, unsigned Level, unsigned Hue);
  llvm::raw_ostream &OS;
  uint64_t Whole;
};

constexpr double Width = 1200, Height = 800, Head = 40, LineHeight = 15;

} // namespace

static std::string xml(StringRef Text) {
  std::string Out;
  for (char C : utf8(printable(Text)))
    Out += C == '&'   ? "&amp;"
           : C == '<' ? "&lt;"
           : C == '>' ? "&gt;"
                      : std::string(1, C);
  return Out;
}

static unsigned hueOf(StringRef Name) {
  unsigned Hash = 7;
  for (char C : Name)
    Hash = Hash * 31 + uint8_t(C);
  return Hash % 360;
}

void SvgWriter::box(const TreeNode &N, Box B, unsigned Level, unsigned Hue) {
  OS << fmt::format("<g><title>{}{} {} ({})</title><rect x=\"{:.1f}\" "
                    "y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
                    "fill=\"hsl({},{}%,{}%)\" stroke=\"#fff\"/>",
                    xml(N.Name), N.Note.empty() ? "" : " " + xml(N.Note),
                    amount(N.Size, false), percent(N.Size, Whole), B.X, B.Y,
                    B.W, B.H, Hue, N.IsRest ? 4 : 46, Level ? 84 : 76);
  constexpr double CharWidth = 6.6;
  size_t Room = size_t(std::max(0.0, B.W - 8) / CharWidth);
  bool HasLabel = Room >= 5 && B.H >= LineHeight + 2;
  if (HasLabel)
    OS << fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\"{}>{}</text>", B.X + 4,
                      B.Y + 12, Level ? "" : " font-weight=\"600\"",
                      xml(shortened(N.Name, std::max<size_t>(Room, 8))));
  OS << "</g>\n";
  if (!Level && HasLabel && !N.Children.empty() && B.H > 2 * LineHeight)
    map(N.Children, {B.X + 2, B.Y + LineHeight, B.W - 4, B.H - LineHeight - 2},
        1, Hue);
}

void SvgWriter::map(const std::vector<TreeNode> &Nodes, Box Room,
                    unsigned Level, unsigned Hue) {
  double Total = 0;
  for (const TreeNode &N : Nodes)
    Total += double(N.Size);
  if (Total <= 0 || Room.W <= 0 || Room.H <= 0)
    return;
  double Scale = Room.W * Room.H / Total;
  for (size_t I = 0; I < Nodes.size() && Nodes[I].Size;) {
    double Side = std::min(Room.W, Room.H), Sum = 0;
    double Worst = std::numeric_limits<double>::infinity();
    if (Side < 2)
      return;
    size_t J = I;
    for (; J < Nodes.size() && Nodes[J].Size; ++J) {
      double Area = double(Nodes[J].Size) * Scale, S = Sum + Area;
      double Largest = double(Nodes[I].Size) * Scale;
      double Ratio = std::max(Side * Side * Largest / (S * S),
                              S * S / (Side * Side * Area));
      if (Ratio > Worst)
        break;
      Worst = Ratio, Sum = S;
    }
    double Thick = Sum / Side, At = 0;
    bool IsWide = Room.W >= Room.H;
    for (; I < J; ++I) {
      double Length = double(Nodes[I].Size) * Scale / Thick;
      Box B = IsWide ? Box{Room.X, Room.Y + At, Thick, Length}
                     : Box{Room.X + At, Room.Y, Length, Thick};
      At += Length;
      if (B.W >= 1 && B.H >= 1)
        box(Nodes[I], B, Level, Level ? Hue : hueOf(Nodes[I].Name));
    }
    if (IsWide)
      Room.X += Thick, Room.W -= Thick;
    else
      Room.Y += Thick, Room.H -= Thick;
  }
}

void goslim::reportSvg(llvm::raw_ostream &OS, const Image &File,
                       const GoImage &Go, const Attribution &A) {
  ProgramFacts F = factsOf(File, Go);
  OS << fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" "
      "width=\"{0}\" height=\"{1}\" font-family=\"system-ui,sans-serif\" "
      "font-size=\"11\">\n<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n"
      "<text x=\"4\" y=\"26\" font-size=\"18\" font-weight=\"600\">{2}: {3} "
      "({4} bytes)</text>\n",
      Width, Height, xml(F.Name), amount(File.size(), false),
      thousands(File.size()));
  TreeNode Root = makeTree(A);
  SvgWriter(OS, File.size())
      .map(Root.Children, {0, Head, Width, Height - Head}, 0, 0);
  OS << "</svg>\n";
}
