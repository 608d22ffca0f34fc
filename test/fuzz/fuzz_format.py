"""The lit format of test/Fuzz; a module, so that lit can hand it to its workers.

Each test/fuzz/*Fuzz.cpp is a test: its program runs on its seeds, then mutates
them for a few seconds (utils/test --fuzz N).
"""
import glob
import os
import subprocess

import lit.formats
import lit.Test


class FuzzFormat(lit.formats.FileBasedTest):
    def getTestsInDirectory(self, suite, path, litConfig, localConfig):
        folder = os.path.join(localConfig.goslim_source, "test", "fuzz")
        for source in sorted(glob.glob(os.path.join(folder, "*Fuzz.cpp"))):
            name = os.path.basename(source)[:-4]
            yield lit.Test.Test(suite, path + (name,), localConfig)

    def execute(self, test, litConfig):
        name = test.path_in_suite[-1]
        build = litConfig.params.get("fuzz_build", "")
        seconds = litConfig.params.get("fuzz_seconds", "3")
        if not build:
            return lit.Test.UNSUPPORTED, "fuzz targets were not asked for"
        seeds = os.path.join(test.config.goslim_source, "test", "fuzz", "corpus", name[:-4])
        if not os.path.isdir(seeds):
            return lit.Test.FAIL, f"no seed corpus {os.path.basename(seeds)}"
        work = os.path.join(build, "fuzz", name + ".corpus")
        os.makedirs(work, exist_ok=True)
        run = subprocess.run(
            [os.path.join(build, "fuzz", name), f"-max_total_time={seconds}", "-timeout=10",
             "-rss_limit_mb=2048", f"-artifact_prefix={build}/fuzz/{name}-", "-print_final_stats=1",
             work, seeds],
            capture_output=True, text=True, errors="replace", env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        if run.returncode:
            return lit.Test.FAIL, run.stderr[-6000:]
        return lit.Test.PASS, ""
