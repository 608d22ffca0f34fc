#include "goslim/Base/Digest.h"
#include <gtest/gtest.h>

using namespace goslim;

TEST(DigestTest, isSha256) {
  EXPECT_EQ(sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb924"
                           "27ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223"
                              "b00361a396177a9cb410ff61f20015ad");
}

// From cmd/go/internal/work/buildid.go hashToString over the same digest.
TEST(DigestTest, goFormIsBase64UrlOfFifteenBytes) {
  EXPECT_EQ(goHashString("abc"), "ungWv48Bz-pBQUDeXa4i");
  EXPECT_EQ(goHashString("").size(), 20u);
}
