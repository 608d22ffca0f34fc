#include "Driver.h"

int goslim::runPolicy(const Options &) { return ExitError; }
