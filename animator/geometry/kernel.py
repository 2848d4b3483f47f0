"""How this project compiles its inner loops."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile a loop over arrays with numba: once a machine, without the interpreter's lock, in single precision as written.

    The compiled code is kept beside the module or, where that folder cannot be written, in the user's cache folder. Where
    neither can be, numba refuses to cache at all; the loop is then compiled anew in each process. Checks that an import hook
    put around the function are left off: only the plain loop can be compiled.

    A kernel makes no arrays: its caller hands all of them in. So none need be counted, and counting them was measured to take
    half the time of the loops over pixels, more when several threads count the same ones.
    """
    return _compile(function)


def inner(function: Function) -> Function:
    """A `kernel` that others call for each pixel: it becomes part of them, as handing arrays over costs too much."""
    return _compile(function, forceinline=True)


def _compile(function: Function, **settings: Any) -> Function:
    plain = inspect.unwrap(function)
    settings |= {"nogil": True, "_nrt": False, "fastmath": True, "error_model": "numpy"}
    compiled: Any
    try:
        compiled = numba.njit(cache=True, **settings)(plain)
    except RuntimeError:
        compiled = numba.njit(**settings)(plain)
    else:
        # numba looks only at a function's own file to tell whether what it kept is stale, but kernels hold others within
        # them. What it asks first is whether its own version wrote the file, so the sources are made part of that.
        compiled._cache._cache_file._version += _sources(Path(plain.__code__.co_filename).parent)
    kernel: Function = compiled
    return kernel


@cache
def _sources(folder: Path) -> str:
    """A digest of the modules in a kernel's folder and in this one, where what it calls is written."""
    files = sorted({*folder.glob("*.py"), *Path(__file__).parent.glob("*.py")})
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
