"""OpenUSD's Python package, which is an extra."""

from __future__ import annotations

from typing import Any

from animator.errors import MissingDependencyError


def pxr() -> Any:
    """The package with the modules that exporters use; `MissingDependencyError` if it is not installed."""
    try:
        import pxr
        from pxr import Gf, Sdf, Tf, Usd, UsdGeom, UsdShade, UsdSkel, UsdUtils, Vt  # noqa: F401 (as attributes of the package)
    except ImportError as error:
        raise MissingDependencyError(
            f"USD is written by OpenUSD's library ({error}); install it with: pip install 'animator[export]'"
        ) from error
    return pxr
