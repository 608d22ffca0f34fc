#include "Driver.h"

int goslim::runLinkDone(const Options &) { return ExitError; }
