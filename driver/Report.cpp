#include "Driver.h"

int goslim::runReport(const Options &) { return ExitError; }
