// The audit's sums, made and shown; the demo shows them too.
#pragma once

#include "cli/shell.h"
#include "desk/audit.h"
#include "engine/desk_view.h"

namespace holdfast::cli {

desk::AuditTotals audit_totals(Shell& shell, engine::DeskView& view);
void print_audit(Shell& shell, const desk::AuditTotals& totals);

}  // namespace holdfast::cli
