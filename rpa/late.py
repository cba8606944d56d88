"""What is loaded with its first use, so that a start pays only for what it uses.

Two cases, and why nothing else would do, are told in ``docs/adr/0015``: a function of ours that few
runs need (:func:`late`), and packages of others whose door imports all their rooms
(:func:`late_packages`).
"""

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

_LOADING: Final = RLock()
_RUN: Final = "__late_run__"
_KNOWN: Final[set[str]] = set()
_USED: Final[set[str]] = set()


def late(module: str, name: str) -> Callable[..., Any]:
    """Return a function that loads ``name`` of ``module`` with its first call, and calls it.

    Type checkers and import-linter are told what it is by an import under ``TYPE_CHECKING``.
    """
    _KNOWN.add(module)

    def called(*args: Any, **kwargs: Any) -> Any:
        _USED.add(module)
        return getattr(_loaded(module), name)(*args, **kwargs)

    return called


@contextmanager
def loading() -> Iterator[None]:
    """Look for no garbage inside the block: what is loaded stays, and is a fifth of a start."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def used_late() -> frozenset[str]:
    """Return the modules of late functions that were called in this process."""
    return frozenset(_USED)


def load_late(modules: Iterable[str]) -> None:
    """Load modules that a fork of this process had to load, so that its next forks share them.

    Only such as a late function here waits for: a fork's word loads nothing else.
    """
    for module in modules:
        if module in _KNOWN:
            _loaded(module)


def _loaded(module: str) -> ModuleType:
    if module in sys.modules:
        return import_module(module)  # which waits for a thread that is at it
    with loading():
        return import_module(module)


def late_packages(*names: str) -> None:
    """Let a package's own door run only when something is asked of the package itself.

    Its modules can be imported without it: ``import package.room`` loads that room and what it
    needs. Whoever asks the package for a name (``from package import name``) gets it all, as ever.
    What is loaded already stays as it is. May be called twice, and from several threads.
    """
    sys.meta_path.insert(0, _LatePackages(frozenset(names)))


class _LatePackages:
    """A finder of packages that puts off running them.

    Python asks finders and loaders by their methods; the base classes of ``importlib.abc`` would
    load ``importlib.resources`` too.
    """

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a package is, with a loader that waits; None for what is not named."""
        if fullname not in self._names:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("Loader", _Waiting(spec.loader))
        return spec


class _Waiting:
    """A loader of modules that run when they are asked for a name that they do not have."""

    def __init__(self, loader: "Loader") -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module, empty."""
        return _LatePackage(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave the true loader for later."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader


class _LatePackage(ModuleType):
    """A package that runs its own code with the first question that needs it."""

    def __getattr__(self, name: str) -> Any:
        """Return a room of that name, loaded now; else run the package and return its ``name``."""
        if name == "__all__" or not name.startswith("__"):
            if self._has_room(name):
                return import_module(f"{self.__name__}.{name}")
            with _LOADING:
                self._run()
            if name in self.__dict__:
                return self.__dict__[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def _has_room(self, name: str) -> bool:
        return PathFinder.find_spec(f"{self.__name__}.{name}", self.__path__) is not None

    def _run(self) -> None:
        spec, told = self.__spec__, self.__dict__
        if spec is None or spec.loader is None or told.get(_RUN):
            return
        told[_RUN] = True
        try:
            spec.loader.exec_module(self)
        except BaseException:
            told[_RUN] = False
            raise
