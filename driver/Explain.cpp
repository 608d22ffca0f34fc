#include "Driver.h"

int goslim::runExplain(const Options &) { return ExitError; }
