// What classes of mechanisms and methods are called on the command line and in Python.
#pragma once

#include <map>
#include <string>

#include "xchg/hiring/design.hpp"

namespace xchg::hiring {

inline const std::map<std::string, Class> classes = {
    {"own", Class::Own}, {"det", Class::Det}, {"product", Class::Product}, {"corr", Class::Corr}};
inline const std::map<std::string, Method> methods = {{"automatic", Method::Automatic},
                                                      {"program", Method::Program},
                                                      {"columns", Method::Columns},
                                                      {"fast-path", Method::FastPath}};

}  // namespace xchg::hiring
