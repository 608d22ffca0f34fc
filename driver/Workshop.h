//===- Workshop.h - where builds are made and cleaned up --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each build runs in a process group of its own. A guardian process outlives
// us: when we are gone, however that came, it ends what still runs and removes
// the folder. So no way of killing goslim leaves processes or trees behind.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_DRIVER_WORKSHOP_H
#define GOSLIM_DRIVER_WORKSHOP_H

#include "goslim/Base/Result.h"
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace goslim {

class Workshop {
public:
  /// Named: "" = a new folder below TMPDIR, which is removed. A named one is
  /// left to --resume when we are killed, and emptied when we come to our end
  /// (Keep: never).
  static Result<std::unique_ptr<Workshop>> open(const std::string &Named,
                                                bool Keep, bool Resume);
  ~Workshop();

  const std::string &folder() const { return Folder; }
  struct Made {
    std::string Output, Sha256, Script;
    double Seconds = 0; ///< 0 = taken from an earlier run
  };
  /// Runs a script that writes the program Output. Failure: the last lines it
  /// printed. From any thread.
  Result<Made> run(const std::string &Script, const std::string &Output);
  /// From any thread; a tree of builds, read-only folders and all.
  void remove(const std::string &Tree);

private:
  std::string Folder;
  bool IsNamed = false, Keep = false;
  int Guardian = -1, Pipe = -1;
  std::map<std::string, std::string> Done; ///< digests of scripts, of outputs
  std::mutex Mutex;                        ///< of Done
  std::atomic<unsigned> Runs = 0;          ///< of scripts

  struct Ended {
    int Status; ///< as waitpid has it
    std::string Log;
    double Seconds;
  };
  Result<Ended> runScript(const std::string &Text);
  void startGuardian();
  void readState();
};

} // namespace goslim

#endif // GOSLIM_DRIVER_WORKSHOP_H
