"""What could be wrong in a source file: each place with what would stand there instead.

clang parses the file and prints its tree; from that we take ranges of the text and types, never
code of our own making but for the operator or word that a mutation changes. VERIFYs are left
alone, since they are no behaviour, and so is what runs at compile time.
"""

import dataclasses
import json
import re
import subprocess


@dataclasses.dataclass(frozen=True)
class Point:
    begin: int  # in bytes, as `end`: [begin, end) is what the mutation replaces
    end: int
    kind: str  # value | truth | statement
    text: str  # what stands there instead; of a statement nothing does
    function: str
    mutation: str  # in words, for people and for tools/mutation_survivors.txt


relations = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
             "==": (None, "!="), "!=": (None, "==")}  # (at its edge, the contrary)
sums = {"+": "-", "-": "+", "+=": "-=", "-=": "+="}
extremes = {"max": "min", "min": "max"}

# Nodes that stand for the same text as what is in them.
transparent = {"ImplicitCastExpr", "ParenExpr", "ExprWithCleanups", "MaterializeTemporaryExpr",
               "CXXBindTemporaryExpr", "ConstantExpr", "FullExpr"}
functions = {"FunctionDecl", "CXXMethodDecl", "CXXConstructorDecl", "CXXConversionDecl",
             "CXXDestructorDecl"}
templates = {"FunctionTemplateDecl", "ClassTemplateDecl"}
ignored = {"StaticAssertDecl", "ConceptDecl", "EnumDecl", "FieldDecl", "CXXDefaultArgExpr",
           "CXXDefaultInitExpr", "ClassTemplateSpecializationDecl"}
integers = re.compile(r"(const )?(unsigned )?(char|short|int|long|long long|__int128|unsigned)")
moments = re.compile(r"\btime_point<|\bInstant\b")
lengths = re.compile(r"\bduration<|\bDuration\b|\bmilliseconds\b")


def parse(command):
    """The trees that clang prints, one for each part of the namespace that was asked for."""
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{run.stderr}")
    decoder, text, at, trees = json.JSONDecoder(), run.stdout, 0, []
    while (at := text.find("{", at)) >= 0:
        tree, at = decoder.raw_decode(text, at)
        trees.append(tree)
    return trees


class Finder:
    """Points of one file. The file is read as latin-1: a character is a byte."""

    def __init__(self, path, text):
        self.path, self.text = str(path), text
        self.file = None  # clang names a file only when it is another one than before
        self.function = ""
        self.points = {}  # (begin, end, mutation) -> Point: templates are printed more than once

    def find(self, trees):
        for tree in trees:
            self.name_files(tree)
            self.walk(tree)
        return sorted(self.points.values(), key=lambda one: (one.begin, -one.end, one.mutation))

    def name_files(self, tree):
        waiting = [tree]
        while waiting:
            node = waiting.pop()
            if "offset" in node:
                self.file = node.get("file", self.file)
                node["file"] = self.file
                continue
            inside = []
            for key, value in node.items():
                if isinstance(value, dict) and key != "includedFrom":
                    inside.append(value)
                elif isinstance(value, list):
                    inside += [one for one in value if isinstance(one, dict)]
            waiting += reversed(inside)

    # --- Where a node stands

    def place(self, node):
        """(begin, end) of the node's text, or None where a macro or another file wrote it."""
        span = node.get("range", {})
        first, last = span.get("begin", {}), span.get("end", {})
        first, last = first.get("spellingLoc", first), last.get("spellingLoc", last)
        if first.get("file") != self.path or last.get("file") != self.path:
            return None
        return first["offset"], last["offset"] + last["tokLen"]

    def macro(self, node):
        """The name of the macro that wrote the node or holds it as an argument, and where."""
        at = node.get("range", {}).get("begin", {}).get("expansionLoc", {})
        if at.get("file") != self.path:
            return "", 0
        return self.text[at["offset"]:at["offset"] + at["tokLen"]], at["offset"]

    def is_elsewhere(self, node):
        at = node.get("loc", {})
        at = at.get("expansionLoc", at)
        return at.get("file", self.path) != self.path

    def of(self, place):
        return self.text[place[0]:place[1]]

    # --- Points

    def add(self, place, kind, text, mutation):
        mutation = " ".join(mutation.split())
        key = (*place, mutation)
        self.points[key] = Point(*place, kind, text, self.function, mutation)

    def force(self, node, *values):
        if (place := self.place(node)) and self.plain(node)["kind"] != "CXXBoolLiteralExpr":
            for value in values:
                self.add(place, "truth", value, f"`{self.of(place)}` is {value}")

    def plain(self, node):
        while node["kind"] in transparent and node.get("inner"):
            node = node["inner"][-1]
        return node

    def swap(self, whole, left, right, operator, other):
        """The same operands with another operator between them."""
        begin, end = whole
        self.add(whole, "value",
                 self.text[begin:left[1]] + f" {other} " + self.text[right[0]:end],
                 f"`{self.of(whole)}` with {other}")

    def walk(self, node, is_condition=False, is_statement=False):
        kind = node.get("kind")
        if kind is None or self.macro(node)[0] == "VERIFY":
            return
        if kind in functions:
            return self.walk_function(node)
        if kind in templates:
            inside = [one for one in node.get("inner", [])
                      if one["kind"] in functions or one["kind"] == "CXXRecordDecl"]
            return self.walk(inside[0]) if inside else None
        if kind.endswith("Decl") and (node.get("constexpr") or node.get("isImplicit")):
            return
        if kind in ignored:
            return
        inner = [one for one in node.get("inner", []) if one.get("kind")]
        handler = getattr(self, "at_" + kind, None)
        if self.function and handler:
            return handler(node, inner, is_condition, is_statement)
        if self.function and kind in transparent:
            for one in inner:
                self.walk(one, is_condition, is_statement)
            return
        for one in inner:
            self.walk(one, is_statement=kind == "CompoundStmt")

    def walk_function(self, node):
        if (node.get("constexpr") or node.get("isImplicit") or node.get("explicitlyDefaulted")
                or self.is_elsewhere(node)):
            return
        outer, self.function = self.function, node.get("name", "")
        for one in node.get("inner", []):
            if one.get("kind") in ("CompoundStmt", "CXXCtorInitializer"):
                self.walk(one)
        self.function = outer

    def at_LambdaExpr(self, node, inner, *_):
        for one in inner:
            if one["kind"] != "CXXRecordDecl":
                self.walk(one)

    def at_CaseStmt(self, node, inner, *_):
        for one in inner[1:]:
            self.walk(one, is_statement=True)

    # The condition is the last but body and else; `if (const auto x = …)` declares its own.
    def at_IfStmt(self, node, inner, *_):
        bodies = 2 if node.get("hasElse") else 1
        for one in inner[:-bodies - 1]:
            self.walk(one)
        condition = inner[-bodies - 1]
        if not node.get("isConstexpr") and not node.get("isConsteval"):
            if not node.get("hasVar"):
                self.force(condition, "true", "false")
            self.walk(condition, is_condition=True)
        for one in inner[-bodies:]:
            self.walk(one, is_statement=True)

    def at_ConditionalOperator(self, node, inner, *_):
        self.force(inner[0], "true", "false")
        self.walk(inner[0], is_condition=True)
        for one in inner[1:]:
            self.walk(one)

    # A loop that never runs; one that never ends says nothing new.
    def at_WhileStmt(self, node, inner, *_):
        if not node.get("hasVar"):
            self.force(inner[0], "false")
        self.walk(inner[0], is_condition=True)
        for one in inner[1:]:
            self.walk(one, is_statement=True)

    def at_ReturnStmt(self, node, inner, *_):
        for one in inner:
            plain = self.plain(one)
            if plain["kind"] == "CXXBoolLiteralExpr" and (place := self.place(plain)):
                other = "false" if self.of(place) == "true" else "true"
                self.add(place, "value", other, f"return {self.of(place)} as {other}")
            self.walk(one)

    # What is between the range and the body is the compiler's.
    def at_CXXForRangeStmt(self, node, inner, *_):
        self.walk(inner[0])
        self.walk(inner[-1], is_statement=True)

    # TRY(…) alone is a guard: what follows runs only where it says yes.
    def at_StmtExpr(self, node, inner, _, is_statement):
        name, at = self.macro(node)
        if name == "TRY" and is_statement:
            end = self.closing(self.text.index("(", at)) + 1
            self.add((at, end), "statement", "", f"without `{self.text[at:end]}`")
        for one in inner:
            self.walk(one)

    def closing(self, at):
        depth = 0
        for i in range(at, len(self.text)):
            depth += {"(": 1, ")": -1}.get(self.text[i], 0)
            if depth == 0:
                return i
        raise ValueError("no closing parenthesis")

    # --- Operators

    def at_UnaryOperator(self, node, inner, is_condition, is_statement):
        if node.get("opcode") == "__extension__":
            return self.walk(inner[0], is_condition, is_statement)
        place, operand = self.place(node), self.place(inner[0])
        if place and operand and node.get("opcode") == "!" and not is_condition:
            self.add(place, "truth", self.of(operand), f"`{self.of(place)}` without !")
        if place and operand and node.get("opcode") == "-" and \
                self.plain(inner[0])["kind"] != "IntegerLiteral":
            self.add(place, "value", self.of(operand), f"`{self.of(place)}` without -")
        self.walk(inner[0], is_condition and node.get("opcode") == "!")

    def at_BinaryOperator(self, node, inner, is_condition, _):
        self.operator(node, node.get("opcode"), inner, is_condition)

    def at_CompoundAssignOperator(self, node, inner, *_):
        self.operator(node, node.get("opcode"), inner, False)

    def at_CXXOperatorCallExpr(self, node, inner, is_condition, _):
        if len(inner) == 2 and self.name_of(inner[0]) == "operator-":
            place, operand = self.place(node), self.place(inner[1])
            if place and operand:
                self.add(place, "value", self.of(operand), f"`{self.of(place)}` without -")
        if len(inner) == 3:
            return self.operator(node, self.name_of(inner[0]).removeprefix("operator"), inner[1:],
                                 is_condition)
        for one in inner:
            self.walk(one)

    # `a != b` that the compiler turned into `!(a == b)`, and `a < b` into `(a <=> b) < 0`.
    def at_CXXRewrittenBinaryOperator(self, node, inner, is_condition, _):
        waiting = list(inner)
        while waiting:
            one = waiting.pop(0)
            if one.get("kind") == "CXXOperatorCallExpr" and len(one["inner"]) == 3 and \
                    self.name_of(one["inner"][0]) in ("operator==", "operator<=>"):
                operands = one["inner"][1:]
                places = [self.place(operand) for operand in operands]
                if None not in places:
                    (left, first), (right, second) = sorted(zip(places, operands),
                                                            key=lambda pair: pair[0])
                    operator = self.text[left[1]:right[0]].strip()
                    return self.operator(node, operator, [first, second], is_condition)
            waiting += one.get("inner", [])

    def name_of(self, node):
        node = self.plain(node)
        return node.get("referencedDecl", node).get("name", "")

    def operator(self, node, operator, operands, is_condition):
        places = self.place(node), self.place(operands[0]), self.place(operands[1])
        if None not in places and operator in relations:
            edge, contrary = relations[operator]
            if edge:
                self.swap(*places, operator, edge)
            if not is_condition:
                self.swap(*places, operator, contrary)
            self.literals(operands, both=False)
        if None not in places and operator in sums and self.is_sum(node, operator, operands):
            self.swap(*places, operator, sums[operator])
            self.literals(operands, both=True)
        if operator in ("&&", "||"):
            for one in operands:
                if self.plain(one).get("opcode") != operator:
                    self.force(one, "true" if operator == "&&" else "false")
                self.walk(one, is_condition=True)
            return
        for one in operands:
            self.walk(one)

    def is_sum(self, node, operator, operands):
        left, right = (self.type_of(one) for one in operands)
        both = self.type_of(node)
        if moments.search(left) and moments.search(right) or moments.search(right):
            return False  # a moment can be neither added nor taken from a length
        return bool(integers.fullmatch(both) or re.search(r"\bMoney\b", both) or
                    moments.search(both) or lengths.search(both))

    def type_of(self, node):
        type = node.get("type", {})
        return type.get("desugaredQualType", type.get("qualType", "")).removesuffix(" &")

    def literals(self, operands, both):
        for one in operands:
            plain = self.plain(one)
            place = self.place(plain)
            if plain["kind"] != "IntegerLiteral" or not place:
                continue
            value = int(plain["value"])
            others = [value + 1] + ([value - 1] if both and value > 0 else [])
            for other in others:
                self.add(place, "value", f"{other}", f"{self.of(place)} as {other}"
                         f" in `{self.line_of(place)}`")

    def line_of(self, place):
        begin = self.text.rfind("\n", 0, place[0]) + 1
        return self.text[begin:self.text.find("\n", place[0])].strip()

    def at_CallExpr(self, node, inner, *_):
        place, callee = self.place(node), self.place(inner[0]) if inner else None
        if place and callee:
            written = re.match(r"(std::(?:ranges::)?)(max|min)\b", self.text[callee[0]:place[1]])
            if written and "::max()" not in self.of(place):
                rest = self.text[callee[0] + written.end():place[1]]
                other = extremes[written[2]]
                self.add(place, "value", written[1] + other + rest,
                         f"`{self.of(place)}` with {other}")
        for one in inner:
            self.walk(one)


def points_of(path, text, trees):
    return Finder(path, text).find(trees)
