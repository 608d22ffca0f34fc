#include "Driver.h"

int goslim::runInit(const Options &) { return ExitError; }
