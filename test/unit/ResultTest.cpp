#include "goslim/Base/Result.h"
#include <gtest/gtest.h>

using namespace goslim;

TEST(ResultTest, holdsValueOrReason) {
  Result<int> Good = 3;
  ASSERT_TRUE(bool(Good));
  EXPECT_EQ(*Good, 3);
  Result<int> Bad = fail("{}: expected {}", "f", 2);
  ASSERT_FALSE(bool(Bad));
  EXPECT_EQ(Bad.failure().Message, "f: expected 2");
}
