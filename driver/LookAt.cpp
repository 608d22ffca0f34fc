//===- LookAt.cpp - a program, and all that is known of it ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "LookAt.h"
#include <thread>

using namespace goslim;

llvm::Expected<std::unique_ptr<Looked>>
goslim::lookAt(const std::string &Path,
               llvm::function_ref<void(Looked &P)> Relink) {
  auto Out = std::make_unique<Looked>();
  llvm::Expected<std::unique_ptr<Image>> File = Image::open(Path);
  if (!File)
    return File.takeError();
  Out->File = std::move(*File);
  {
    std::jthread Reading([&] { Out->Go = readGoImage(*Out->File); });
    Relink(*Out);
  }
  llvm::Expected<Attribution> A =
      attribute(*Out->File, Out->Go, Out->Link.Model.get(), Out->Labels.get());
  if (!A)
    return llvm::createStringError(Path + ": " + llvm::toString(A.takeError()));
  Out->Spans = std::move(*A);
  return Out;
}

Manifest goslim::makeManifest(const OtherProgram &From) {
  std::vector<ManifestSection> Sections;
  for (const OtherProgram::Section &S : From.Sections)
    Sections.push_back({S.Name, S.Size, S.Memory});
  return makeManifest(From.Go, From.Arch, !From.CFunctions.empty(), From.Size,
                      std::move(Sections));
}
