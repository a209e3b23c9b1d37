#include "CMicrograd.h"
