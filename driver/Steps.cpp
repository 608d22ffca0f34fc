#include "Driver.h"

int goslim::runSteps(const Options &) { return ExitError; }
