#include "Driver.h"

int goslim::runInspect(const Options &) { return ExitError; }
