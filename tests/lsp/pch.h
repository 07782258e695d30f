// The precompiled header of the tests of lsp/: what nearly each of them includes anyway.
#pragma once

#include "lsp/pch.h"
#include "tests/pch.h"
