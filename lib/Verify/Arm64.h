//===- Arm64.h - what an instruction of arm64 refers to ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_VERIFY_ARM64_H
#define GOSLIM_LIB_VERIFY_ARM64_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace goslim {

/// The parts of an instruction that no address is in.
uint32_t withoutAddress(uint32_t Instruction);

/// The address that the instruction at Code[At] helps to make: b and bl, adr,
/// adrp with the add, load or store that has its lower bits, and such a one
/// with its adrp. Address: of Code. Nothing where there is none, or no second
/// half. (Arm ARM, C6.2; Go pairs both in cmd/internal/obj/arm64, C compilers
/// may put other instructions between them.)
std::optional<uint64_t> arm64Reference(llvm::StringRef Code, uint64_t At,
                                       uint64_t Address);

} // namespace goslim

#endif // GOSLIM_LIB_VERIFY_ARM64_H
