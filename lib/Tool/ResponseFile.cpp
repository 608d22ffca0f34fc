//===- ResponseFile.cpp - @file argument lists ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Both formats exactly as the tools read them, oddities included: the line
// format trims the whole file, drops carriage returns, and turns bytes that
// are not UTF-8 into U+FFFD in an argument that has a backslash. What is
// written is what cmd/go writes, and only used when it reads back unchanged.
//===----------------------------------------------------------------------===//
#include "goslim/Tool/ResponseFile.h"
#include "Utf8.h"
#include "goslim/Base/FileIO.h"
#include <algorithm>

namespace goslim {

ResponseFormat responseFormatOf(std::string_view GoVersion) {
  size_t Start = GoVersion.find("go1.");
  if (Start == std::string_view::npos)
    return ResponseFormat::Gcc;
  GoVersion.remove_prefix(Start + 4);
  unsigned Minor = 0;
  size_t Digits = 0;
  for (; Digits < GoVersion.size() && Digits < 6; ++Digits) {
    char C = GoVersion[Digits];
    if (C < '0' || C > '9')
      break;
    Minor = Minor * 10 + (C - '0');
  }
  return Digits && Minor < 27 ? ResponseFormat::Lines : ResponseFormat::Gcc;
}

/// strings.TrimSpace: ASCII spaces and the few of Unicode.
static bool isSpaceRune(char32_t C) {
  return (C >= 0x9 && C <= 0xD) || C == 0x20 || C == 0x85 || C == 0xA0 ||
         C == 0x1680 || (C >= 0x2000 && C <= 0x200A) || C == 0x2028 ||
         C == 0x2029 || C == 0x202F || C == 0x205F || C == 0x3000;
}

static std::string_view trimSpace(std::string_view Text) {
  size_t Begin = Text.size(), End = 0;
  for (size_t I = 0; I < Text.size();) {
    Rune R = decodeRune(Text.substr(I));
    if (!R.Valid || !isSpaceRune(R.Code)) {
      Begin = std::min(Begin, I);
      End = I + R.Size;
    }
    I += R.Size;
  }
  return Begin < End ? Text.substr(Begin, End - Begin) : std::string_view();
}

/// objabi.DecodeArg; false where that panics.
static bool decodeLine(std::string_view Line, std::string &Out) {
  if (Line.find('\\') == std::string_view::npos) {
    Out = Line;
    return true;
  }
  bool AfterBackslash = false;
  while (!Line.empty()) {
    Rune R = decodeRune(Line);
    Line.remove_prefix(R.Size);
    if (AfterBackslash && R.Code != '\\' && R.Code != 'n')
      return false;
    if (!AfterBackslash && R.Code == '\\') {
      AfterBackslash = true;
      continue;
    }
    appendRune(Out, AfterBackslash && R.Code == 'n' ? U'\n' : R.Code);
    AfterBackslash = false;
  }
  return true;
}

static Result<std::vector<std::string>> parseLines(std::string_view Text) {
  std::string Clean(Text);
  std::erase(Clean, '\r');
  std::string_view Rest = trimSpace(Clean);
  std::vector<std::string> Args;
  while (true) {
    size_t End = std::min(Rest.find('\n'), Rest.size());
    if (!decodeLine(Rest.substr(0, End), Args.emplace_back()))
      return fail("line {}: expected \\\\ or \\n behind a backslash",
                  Args.size());
    if (End == Rest.size())
      return Args;
    Rest.remove_prefix(End + 1);
  }
}

/// Length of a line end at Text[I], or 0.
static size_t lineEnd(std::string_view Text, size_t I) {
  if (Text.substr(I).starts_with("\r\n"))
    return 2;
  return Text.substr(I).starts_with("\n") ? 1 : 0;
}

/// objabi.ParseArgs of Go 1.27.
static std::vector<std::string> parseGcc(std::string_view Text) {
  std::vector<std::string> Args;
  std::string Arg;
  bool HasArg = false; // also by empty quotes
  char Quote = 0;
  auto Finish = [&] {
    if (HasArg || !Arg.empty())
      Args.push_back(std::move(Arg));
    Arg.clear();
    HasArg = false;
  };
  for (size_t I = 0; I < Text.size(); ++I) {
    char C = Text[I];
    if (Quote && C == Quote) {
      Quote = 0;
    } else if (C == '\\' && Quote != '\'') {
      // A last backslash stays inside quotes and is dropped outside.
      bool HasNext = I + 1 < Text.size();
      if (size_t Skip = lineEnd(Text, I + 1)) {
        I += Skip;
      } else if (HasNext &&
                 (!Quote || std::string_view("\\\"$`").find(Text[I + 1]) !=
                                std::string_view::npos)) {
        Arg += Text[++I];
        HasArg = true;
      } else if (Quote) {
        Arg += C;
      }
    } else if (!Quote && (C == '\'' || C == '"')) {
      Quote = C;
      HasArg = true;
    } else if (!Quote && (C == ' ' || C == '\t' || C == '\n' || C == '\r')) {
      Finish();
    } else {
      Arg += C;
    }
  }
  Finish();
  return Args;
}

Result<std::vector<std::string>> parseResponse(std::string_view Text,
                                               ResponseFormat Format) {
  if (Format == ResponseFormat::Lines)
    return parseLines(Text);
  return parseGcc(Text);
}

static void appendEscaped(std::string &Out, std::string_view Arg,
                          std::string_view Special) {
  for (char C : Arg) {
    if (Special.find(C) != std::string_view::npos)
      Out += '\\';
    Out += C;
  }
}

/// cmd/go/internal/work/exec.go encodeArg, one argument a line.
std::string printResponse(std::span<const std::string> Args,
                          ResponseFormat Format) {
  std::string Out;
  for (const std::string &Arg : Args) {
    if (Format == ResponseFormat::Lines) {
      for (char C : Arg)
        if (C == '\n')
          Out += "\\n";
        else
          appendEscaped(Out, {&C, 1}, "\\");
    } else if (Arg.empty() ||
               Arg.find_first_of(" \t\n\r'\"\\$`") != std::string::npos) {
      Out += '"';
      appendEscaped(Out, Arg, "\\\"$`");
      Out += '"';
    } else {
      Out += Arg;
    }
    Out += '\n';
  }
  return Out;
}

bool canPrintResponse(std::span<const std::string> Args,
                      ResponseFormat Format) {
  Result<std::vector<std::string>> Back =
      parseResponse(printResponse(Args, Format), Format);
  return Back &&
         std::equal(Back->begin(), Back->end(), Args.begin(), Args.end());
}

/// Files counts all files read: a file that names itself twice would double
/// with each level.
static Result<void> expandInto(std::vector<std::string> &Out,
                               std::span<const std::string> Args,
                               ResponseFormat Format, unsigned Depth,
                               unsigned &Files) {
  for (const std::string &Arg : Args) {
    if (!Arg.starts_with('@')) {
      Out.push_back(Arg);
      continue;
    }
    if (Depth == 8)
      return fail("{}: response files nested more than 8 deep", Arg);
    if (++Files > 64)
      return fail("{}: more than 64 response files in one command", Arg);
    Result<std::string> Text = readFile(Arg.substr(1));
    if (!Text)
      return Text.failure();
    Result<std::vector<std::string>> Inner = parseResponse(*Text, Format);
    if (!Inner)
      return fail("{}: {}", Arg.substr(1), Inner.failure().Message);
    if (Result<void> Done = expandInto(Out, *Inner, Format, Depth + 1, Files);
        !Done)
      return Done;
  }
  return {};
}

Result<std::vector<std::string>>
expandResponseFiles(std::span<const std::string> Args, ResponseFormat Format) {
  std::vector<std::string> Out;
  unsigned Files = 0;
  if (Result<void> Done = expandInto(Out, Args, Format, 0, Files); !Done)
    return Done.failure();
  return Out;
}

} // namespace goslim
