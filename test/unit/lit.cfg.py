import os
import lit.formats
config.name = "goslim-unit"
config.suffixes = []
config.excludes = []
config.test_format = lit.formats.GoogleTest(".", "tests")
config.test_source_root = config.test_exec_root = os.path.join(config.goslim_build, "test", "unit")
