"""Every module of every certification plan is one test, by its published name, and stands on the page that tells of them."""
import ast
import re

import pytest

from support import paths
from support.conformance_plans import PLANS, name_of

PAGE = paths.ROOT / "docs/provider/conformance.md"
FILES = sorted((paths.ROOT / "Tests/EndToEnd").glob("test_conformance_*.py"))
FORM_POST = "oidcc-formpost-basic-certification-test-plan"


def found() -> list[tuple[str, str, set[str]]]:
    """File, test, and the fixtures that it takes: of every test of a module."""
    return [
        (file.name, node.name, {argument.arg for argument in node.args.args})
        for file in FILES for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_oidcc_")]


def test_there_are_no_other_tests():
    assert {name for _, name, _ in found()} == {name_of(module) for modules in PLANS.values() for module in modules}


@pytest.mark.parametrize("module", sorted({module for modules in PLANS.values() for module in modules}))
def test_a_module_is_one_test(module):
    assert [name for _, name, _ in found()].count(name_of(module)) == 1


@pytest.mark.parametrize("module", PLANS[FORM_POST])
def test_a_module_of_both_plans_is_run_for_both(module):
    """`party` and `mode` are made once for answers in the query, and once for answers by a form."""
    assert [takes for _, name, takes in found() if name == name_of(module) and {"party", "mode"} & takes]


@pytest.mark.parametrize("plan", PLANS)
def test_the_page_names_the_test_of_each_module(plan):
    section = re.search(rf"^## [^\n]*`{plan}`\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.S | re.M)
    assert section, plan
    if plan == FORM_POST:
        assert "the same tests" in section[1]
        return
    told = re.findall(r"^\| `(oidcc-[a-z0-9-]+)` \| `([a-z_]+\.py)` \|", section[1], re.M)
    files = {name: file for file, name, _ in found()}
    assert told == [(module, files[name_of(module)]) for module in PLANS[plan]]
