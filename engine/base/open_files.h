// Whether the process may open as many files as a piece of work needs.
//
// A library that may open no file says something else: torch that "cpuinfo cannot be initialised",
// an event loop that its descriptor is bad. So whoever starts such work asks first, and can name
// the limit.
//
// Errors: none.   Cost: three system calls a file.   Thread rule: any thread; another one may take
// the last descriptor afterwards.
#pragma once

namespace inpaint::engine {

/// What to do where there are too few.
inline constexpr const char* kRaiseFileLimit = "raise the limit of open files (ulimit -n 64)";

bool may_open_files(int n);

}  // namespace inpaint::engine
