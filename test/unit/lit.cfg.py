"""Each GoogleTest case is a lit test of its own."""
import os

import lit.formats

config.name = "goslim-unit"
config.test_format = lit.formats.GoogleTest(".", "-tests")
config.test_source_root = config.test_exec_root = os.path.join(config.goslim_build, "test", "unit")
