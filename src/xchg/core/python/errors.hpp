// xchg::Error as Python exceptions.
#pragma once

namespace xchg::python {

// From now on every xchg::Error that a binding throws reaches Python as the class of the same name in
// xchg.errors, with the same members.
void translate_errors();

}  // namespace xchg::python
