#include "Driver.h"

int goslim::runManifest(const Options &) { return ExitError; }
