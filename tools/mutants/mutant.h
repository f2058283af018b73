// Included first by every file of the instrumented copy (tools/mutation): which mutant this run is,
// and which points it reaches. Zero is no mutant; points are counted from one.
#pragma once

namespace holdfast_mutation {

extern unsigned chosen;         // HOLDFAST_MUTANT
extern unsigned char* reached;  // one byte a point; shared with the file HOLDFAST_REACHED, if named
extern unsigned count;          // of bytes in `reached`

}  // namespace holdfast_mutation

inline bool holdfast_mutant(unsigned point) {
    using namespace holdfast_mutation;
    if (reached) reached[point] = 1;
    return point == chosen;
}
