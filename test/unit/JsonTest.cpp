#include "goslim/Base/Json.h"
#include <gtest/gtest.h>

using namespace goslim;

static std::string quoted(std::string_view Text) {
  std::string Out;
  appendJsonString(Out, Text);
  return Out;
}

TEST(JsonTest, escapes) {
  EXPECT_EQ(quoted("a\"b\\c\n\t\x01\x7f"),
            "\"a\\\"b\\\\c\\n\\t\\u0001\\u007f\"");
  EXPECT_EQ(quoted(std::string_view("\0", 1)), "\"\\u0000\"");
}

TEST(JsonTest, keepsUtf8) {
  EXPECT_EQ(quoted("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"),
            "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"");
}

TEST(JsonTest, replacesWhatIsNotUtf8) {
  const std::string Bad = "\xEF\xBF\xBD";
  EXPECT_EQ(quoted("\x80"), '"' + Bad + '"');
  EXPECT_EQ(quoted("\xC3"), '"' + Bad + '"');                     // cut off
  EXPECT_EQ(quoted("\xC0\xAF"), '"' + Bad + Bad + '"');           // overlong
  EXPECT_EQ(quoted("\xED\xA0\x80"), '"' + Bad + Bad + Bad + '"'); // surrogate
  EXPECT_EQ(quoted("\xF4\x90\x80\x80"),
            '"' + Bad + Bad + Bad + Bad + '"'); // above U+10FFFF
  EXPECT_EQ(quoted("a\xFFz"), "\"a" + Bad + "z\"");
}
