"""What the house asks of every module, and of every command."""

import ast
from pathlib import Path

import pytest
import typer.main

from rpa.cli.main import NOUNS, VERBS, build_app
from rpa.i18n import LOCALE_FOLDER

ROOT = Path(__file__).parents[2]
SOURCES = sorted(p for top in ("rpa", "flows") for p in (ROOT / top).rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_CLASS = 400, 40, 200


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def code_lines(node):
    first = node.body[0]
    is_documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    documented = set(range(first.lineno, first.end_lineno + 1)) if is_documented else set()
    lines = {n.lineno for n in ast.walk(node) if isinstance(n, ast.stmt | ast.expr)}
    return len(lines - documented)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_functions_and_classes_keep_to_their_size(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert code_lines(node) <= LONGEST_FUNCTION, node.name
            hidden = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{node.name} hides an import"
        if isinstance(node, ast.ClassDef):
            assert code_lines(node) <= LONGEST_CLASS, node.name


def commands(group, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def every_command():
    """Yield each command as it is loaded when it is asked for; help knows but their names."""
    for name in typer.main.get_command(build_app([])).commands:
        loaded = typer.main.get_command(build_app([name]))
        loaded.commands = {name: loaded.commands[name]}
        yield from commands(loaded)


ALL = dict(every_command())


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help_and_stands_in_the_documentation(path):
    command = ALL[path]
    assert command.help
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert parameter.help, parameter.name
    told = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    noun = f"`rpa {path[0]}"
    line = next((line for line in told.splitlines() if line.startswith(f"| {noun}")), "")
    assert line or f"`rpa {path[0]}`" in told
    if len(path) > 1:
        mine = [row for row in told.splitlines() if row.startswith(f"| {noun} ")]
        assert any(f"`{path[1]}`" in row or f"{noun} {path[1]}" in row for row in mine)


@pytest.mark.parametrize("wanted", [*NOUNS, *VERBS])
def test_a_command_is_found_when_it_is_asked_for_by_name(wanted):
    group = typer.main.get_command(build_app([wanted]))
    assert set(group.commands) == {wanted}


def test_every_message_has_its_french():
    text = (LOCALE_FOLDER / "fr" / "LC_MESSAGES" / "rpa.po").read_text(encoding="utf-8")
    assert 'msgstr ""\n\n' not in text.split("\n\n", 1)[1]
